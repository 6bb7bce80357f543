import { drivers } from "./drivers.js";
import { type Step, steps } from "./steps.js";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The README's table of drivers, in Markdown: what the suite of drivers holds each of them to, and how where that needs a word. */
export function driversTable(): string {
  const remarks: string[] = [];
  const mark = (sign: string, remark: string | undefined): string => {
    if (remark === undefined) return sign;
    const known = remarks.indexOf(remark);
    const number = known < 0 ? remarks.push(remark) : known + 1;
    return `${sign} ${number}`;
  };
  const rows = steps.map(({ name, head }: Step & (typeof steps)[number]) =>
    row([
      head,
      ...drivers.map(({ remarks: how, cannot, fails }) => {
        const reason = cannot?.[name] ?? fails?.[name]?.reason;
        return reason === undefined ? mark("✓", how?.[name]) : mark("–", reason);
      }),
    ]),
  );
  return [
    row(["", ...drivers.map(({ head }) => head)]),
    row(["---", ...drivers.map(() => "---")]),
    ...rows,
    "",
    ...remarks.map((remark, index) => `${index + 1}. ${remark}`),
  ].join("\n");
}
