// What every page knows besides its own content: who is signed in, and how the reader writes numbers.
import { createContext, useContext } from 'react';
import type { User } from '../api/api';

export interface Shell {
  /** `unknown` when the server could not say. */
  user: User | null | 'unknown';
  locale: string;
}

/** What stood in the way of a whole page. */
export interface Problem {
  status: number;
  code: string;
  message: string;
}

export const ShellContext = createContext<Shell>({ user: 'unknown', locale: 'en-US' });

export const useShell = (): Shell => useContext(ShellContext);
