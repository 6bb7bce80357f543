import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { type Certificates, makeCertificates } from "../door/certificates.js";
import { writePrivate } from "./private_json.js";

const DAY_MS = 24 * 3_600_000;
/** As long as clients of every kind accept, and long before its end a new one is made. */
const LIFETIME_DAYS = 730;
const RENEWED_DAYS = 30;

/**
 * The certificate of a data directory: the one that is kept there, or a new one, with a new authority, where there is none, where it
 * ends within a month, or where it lacks one of the names.
 *
 * @param file where a part of the directory lies
 * @returns the certificate, and whether it is new
 */
export async function keptCertificates(
  file: (name: string) => string,
  names: readonly string[],
  now: Date,
): Promise<Certificates & { readonly isNew: boolean }> {
  const parts = { ca: file("ca.pem"), cert: file("server.pem"), key: file("server.key") };
  if (Object.values(parts).every((part) => existsSync(part))) {
    const ca = readFileSync(parts.ca, "utf8");
    const cert = readFileSync(parts.cert, "utf8");
    const key = readFileSync(parts.key, "utf8");
    if (isGood(cert, ca, names, now)) return { ca, cert, key, isNew: false };
  }
  const made = await makeCertificates(now, names, LIFETIME_DAYS * DAY_MS);
  for (const part of ["key", "cert", "ca"] as const) writePrivate(parts[part], made[part]);
  return { ...made, isNew: true };
}

function isGood(cert: string, ca: string, names: readonly string[], now: Date): boolean {
  const certificate = new X509Certificate(cert);
  const covers = (name: string) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
  const isLasting = Date.parse(certificate.validTo) - now.getTime() > RENEWED_DAYS * DAY_MS;
  // Written one after the other, they may be of two makings.
  return isLasting && certificate.verify(new X509Certificate(ca).publicKey) && names.every(covers);
}
