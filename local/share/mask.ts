/** Where twelve digits are sure to be an account: in an ARN, and in the name of SageMaker's default bucket. */
const SURE = [
  /\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})(?!\d)/g,
  /\bsagemaker-[a-z]{2}(?:-[a-z]+)+-\d+-(\d{12})(?!\d)/g,
];

const ACCESS_KEY = /(?<![A-Za-z0-9])(A[KS]IA)[A-Z0-9]{16}(?![A-Za-z0-9])/g;

/** A number begins here: no digit is before it, but that of an escape (`%20`, `\u0022`), and no whole part. */
const BEGIN = "(?<=^|\\D|%[0-9A-Fa-f]{2}|\\\\u[0-9A-Fa-f]{4})(?<!\\d\\.)";

/** The account ids that stand in texts where nothing else can. */
export function accountsIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => SURE.flatMap((pattern) => [...text.matchAll(pattern)]));
  return [...new Set(found.map(([, account]) => account as string))].sort();
}

/**
 * A text without AWS account ids and access keys. An account keeps one name throughout, `account-0001`, which is as long as
 * the number, so that tables keep their shape. Only the given accounts are replaced, wherever they stand, also as the
 * console writes them (`1234-5678-9012`): any other twelve digits may be a customer's number.
 *
 * @param accounts the accounts of all texts that are to be masked alike, from `accountsIn`
 */
export function mask(text: string, accounts: readonly string[]): string {
  let masked = text.replace(ACCESS_KEY, (_, kind: string) => `${kind}${"*".repeat(16)}`);
  for (const [index, account] of accounts.entries()) {
    const [a, b, c] = [account.slice(0, 4), account.slice(4, 8), account.slice(8)];
    const written = new RegExp(`${BEGIN}${a}(?<dash>-?)${b}\\k<dash>${c}(?!\\.?\\d)`, "g");
    masked = masked.replace(written, `account-${String(index + 1).padStart(4, "0")}`);
  }
  return masked;
}
