import { simplified } from "./column_names.js";

const YES =
  /^(?:y|yes|true|t|x|j|ja|wahr|o|oui|vrai|s|si|sim|verdadero|vero|tak|waar|kylla|ano|igen|evet|sant|sann|是|はい|예|да)$/;
const NO =
  /^(?:|n|no|false|f|nein|falsch|non|faux|nao|falso|nie|nee|onwaar|nej|nei|ei|ne|nem|hayir|usant?|falskt|否|いいえ|아니오|нет)$/;

/** Whether a field of a column of yes and no says yes. */
export const saysYes = (text: string): boolean => YES.test(simplified(text));

/** Whether a column, by some of its values, holds yes and no; where `withNumbers`, as 1 and 0 as well. */
export function isFlag(values: readonly string[], { withNumbers }: { withNumbers: boolean }): boolean {
  const known = (text: string): boolean => {
    const simple = simplified(text);
    return YES.test(simple) || NO.test(simple) || (withNumbers && /^[01]$/.test(simple));
  };
  return values.length > 0 && values.every(known);
}
