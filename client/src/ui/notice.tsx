import type { ReactNode } from 'react';

interface NoticeProps {
  title: string;
  children?: ReactNode;
  kind?: 'plain' | 'problem' | 'good';
  /** Said aloud when it appears. */
  isNews?: boolean;
}

export function Notice({ title, children, kind = 'plain', isNews = false }: NoticeProps) {
  return (
    <div className={`notice ${kind}`} role={isNews ? (kind === 'problem' ? 'alert' : 'status') : undefined}>
      <p className="notice-title">{title}</p>
      {children}
    </div>
  );
}

/** Nothing here yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
