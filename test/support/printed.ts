import { afterEach, beforeEach, jest } from "@jest/globals";

/** What each test of a file prints, output by output; none of it reaches the terminal. Also restores all other mocks after each. */
export function usePrinted(): string[] {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    jest.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return printed;
}
