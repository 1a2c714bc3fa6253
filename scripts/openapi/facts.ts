/** A JSON schema in which a `$ref` is the bare name of another schema. */
type SchemaFact = { readonly [keyword: string]: unknown };

export interface ParameterFact extends SchemaFact {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
}

/** What is known about one operation of the Clockify API. */
export interface OperationFact {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly base: 'api' | 'reports' | 'pto';
  readonly deprecated: boolean;
  readonly experimental: boolean;
  readonly source: string;
  readonly auth: readonly string[];
  readonly scope: { readonly name: string | null };
  readonly params: readonly ParameterFact[];
  readonly body: BodyFact | null;
  readonly response: ResponseFact;
  readonly live: LiveFact;
}

export interface BodyFact {
  readonly contentType: string;
  readonly required: boolean;
  readonly schema: SchemaFact;
}

export interface ResponseFact {
  readonly status: number;
  readonly contentType: string | null;
  readonly schema: SchemaFact | null;
}

/** How the operation behaves on the live service, beyond what the official documents say. */
export interface LiveFact {
  readonly addonToken: string;
  readonly pagination?: string;
  readonly lastPageHeader?: boolean;
  readonly itemsPath?: string;
  readonly countPath?: string;
}

export interface Facts {
  readonly operations: readonly OperationFact[];
  readonly schemas: Readonly<Record<string, SchemaFact>>;
  readonly summaries: Readonly<Record<string, string>>;
}
