/** A sheet of lines, its cells as texts. */
export const sheet = (lines: readonly string[]): string =>
  lines
    .map((line, row) => {
      const cells = line.split(",").map((text, at) => {
        const place = `${String.fromCharCode(65 + at)}${row + 1}`;
        return `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
      });
      return `<row r="${row + 1}">${cells.join("")}</row>`;
    })
    .join("");
