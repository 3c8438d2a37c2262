// Runs in every test file: see documented.ts.
import { takeProblems } from './documented';

afterEach(() => {
  expect(takeProblems()).toEqual([]);
});
