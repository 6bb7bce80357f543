import {
  declarations,
  flagOf,
  optionNames,
  standardOf,
  variableOf,
} from "@keyspaces-segmentation/keyspaces-local/dist/tool/options.js";

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The README's table of options, in Markdown. */
export function optionsTable(): string {
  const rows = optionNames.map((name) => {
    const { kind, help } = declarations[name];
    const standard = standardOf(name);
    const flag = `\`--${flagOf(name)}${kind.placeholder && ` ${kind.placeholder}`}\``;
    const shown = standard && kind.placeholder !== "" ? `\`${standard}\`` : "";
    return `| ${[flag, help, shown, `\`${variableOf(name)}\``, `\`${name}\``].map(cell).join(" | ")} |`;
  });
  return [
    "| flag | | default | variable | in a file, and for `startKeyspacesLocal` |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
