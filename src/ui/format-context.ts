import { createContext, use } from 'react';
import { createFormatter, type Formatter } from './format.ts';

export const FormatContext = createContext<Formatter>(createFormatter(null));

/** The formatter of the viewer's language. */
export function useFormat(): Formatter {
  return use(FormatContext);
}
