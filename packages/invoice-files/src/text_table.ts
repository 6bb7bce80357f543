/** The widest a column gets; longer text goes on below. */
const WIDEST = 60;

/** Rows of texts as aligned columns for a terminal; a column of numbers is aligned to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const wrapped = rows.map((row) => row.map((cell) => wrap(cell, WIDEST)));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(0, ...wrapped.flatMap((row) => (row[at] ?? []).map((line) => line.length))),
  );
  const numeric = widths.map((_, at) => rows.every((row) => /^[−-]?[\d,.]*$/.test(row[at] ?? "")));
  return wrapped
    .flatMap((row) => {
      const height = Math.max(1, ...row.map((cell) => cell.length));
      return Array.from({ length: height }, (_, line) =>
        widths
          .map((width, at) => {
            const text = row[at]?.[line] ?? "";
            return numeric[at] ? text.padStart(width) : text.padEnd(width);
          })
          .join("  ")
          .trimEnd(),
      );
    })
    .join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
