import { useState } from 'react';
import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { EstimatePanel } from './estimate-panel.tsx';
import { StartForm } from './start-form.tsx';
import { defaultOptions } from './start-options.ts';

interface StartViewProps {
  readonly api: BootstrapApi;
  readonly underWay: boolean;
  readonly busy: boolean;
  readonly limitPerSecond: number;
  readonly onStart: (options: Partial<BootstrapOptions>) => void;
}

/** The options of a run beside what they cost. */
export function StartView({ api, ...form }: StartViewProps) {
  const [options, setOptions] = useState<Partial<BootstrapOptions> | null>(defaultOptions);

  return (
    <div className="columns">
      <StartForm {...form} onChange={setOptions} />
      <EstimatePanel api={api} options={options} />
    </div>
  );
}
