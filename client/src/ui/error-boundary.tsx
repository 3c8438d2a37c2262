// The last resort when a page breaks in the browser: say so, and offer the server's version of it.
import { Component, type ReactNode } from 'react';

export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div className="problem-page" role="alert">
        <h1>This page broke</h1>
        <p>Nothing was lost: what you did last either reached us or did not. Loading the page again tells.</p>
        <p className="actions">
          <a className="button primary" href="">
            Load it again
          </a>
        </p>
      </div>
    );
  }
}
