import { Notice } from './notice.tsx';

/** Shown when the page was opened without a token, or with one that cannot be read. */
export function NoSessionView() {
  return (
    <Notice title="Open API Studio from Clockify">
      <p>This page works inside Clockify. Choose API Studio in Clockify’s sidebar.</p>
    </Notice>
  );
}
