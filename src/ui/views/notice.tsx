import type { ReactNode } from 'react';

interface NoticeProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** `alert` interrupts a screen reader; `status` waits for its turn. */
  readonly role?: 'alert' | 'status';
}

/** Takes the place of the page when there is nothing else to show. */
export function Notice({ title, children, role = 'status' }: NoticeProps) {
  return (
    <main className="notice card" role="main">
      <div role={role}>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
