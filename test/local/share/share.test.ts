import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ShareError, share } from "../../../local/share/share.js";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "share-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const A = "123456789012";
const NOTEBOOK = "/somewhere/shop.ipynb";
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(out, name), content);
const shared = (name: string) => readFileSync(join(out, "share", name), "utf8");

/** A run's results, in which the account stands in each file, and a customer has a number of twelve digits. */
function leaveResults(): void {
  const text = [
    `caller arn:aws:sts::${A}:assumed-role/Shop/me, account ${A}\n`,
    "job-1 is Completed\n",
    "Stored run run-1\n",
  ];
  const outputs = [{ output_type: "stream", name: "stdout", text }];
  const cells = [{ id: "it", cell_type: "code", source: "f();", execution_count: 1, outputs, metadata: {} }];
  write("shop.ipynb", JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  write("shop.html", `<pre>s3://sagemaker-us-east-1-${A}/x</pre><script>x = "${A}", y = 0.${A}</script>`);
  write("segments.html", `<p>${A}</p>`);
  write("customers.csv", `customer_id,country\n998877665544,Zürich\n`);
  write("clusters.csv", "cluster,name\n");
  write("rejects.csv", Buffer.from([0x31, 0x2c, 0xff, 0xfe, 0x0d, 0x0a]));
  const training = { job: "job-1", modelUri: `s3://sagemaker-us-east-1-${A}/m` };
  write("summary.json", JSON.stringify({ run: "run-1", training }));
}

const all = [
  "clusters.csv",
  "customers.csv",
  "rejects.csv",
  "segments.html",
  "shop.html",
  "shop.ipynb",
  "summary.json",
];

test("what a run has left is put together with its account masked, and nothing else changed", () => {
  leaveResults();
  expect(share(out, NOTEBOOK)).toMatchObject({ folder: join(out, "share"), accounts: 1 });
  expect(readdirSync(join(out, "share")).sort()).toEqual(all);
  for (const name of all) {
    const before = readFileSync(join(out, name), "latin1");
    const after = readFileSync(join(out, "share", name), "latin1");
    expect(after).toBe(before.replace(/(?<!0\.)123456789012/g, "account-0001"));
  }
  expect(shared("customers.csv")).toContain("998877665544,Zürich");
  expect(shared("shop.html")).toContain(`y = 0.${A}`);
  expect(JSON.parse(shared("shop.ipynb")).cells[0].outputs[0].text[0]).toBe(
    "caller arn:aws:sts::account-0001:assumed-role/Shop/me, account account-0001\n",
  );
});

test("a second time takes the place of the first, and other files in the folder stay", () => {
  leaveResults();
  share(out, NOTEBOOK);
  writeFileSync(join(out, "share", "letter.txt"), "");
  write("clusters.csv", "cluster,name\n1,New\n");
  expect(share(out, NOTEBOOK).files.toSorted()).toEqual(all);
  expect(readdirSync(join(out, "share")).sort()).toEqual([...all, "letter.txt"].sort());
  expect(shared("clusters.csv")).toBe("cluster,name\n1,New\n");
});

test.each([
  {
    what: "nothing",
    spoil: () => rmSync(join(out, "summary.json")),
    says: /no complete run to share in .*, summary\.json is missing: run `npm start`/,
  },
  {
    what: "no executed notebook",
    spoil: () => rmSync(join(out, "shop.ipynb")),
    says: /shop\.ipynb is missing: .*jupyter nbconvert --to html/,
  },
  {
    what: "a notebook that failed",
    spoil: () =>
      write(
        "shop.ipynb",
        readFileSync(join(out, "shop.ipynb"), "utf8").replace('"execution_count":1', '"execution_count":null'),
      ),
    says: /did not run to its end \(Cell it was not executed\)/,
  },
  {
    what: "lists of another run",
    spoil: () => write("summary.json", '{"run":"run-2","training":{"job":"job-1"}}'),
    says: /of different runs, run-2 is not in the notebook/,
  },
])("of $what nothing is shared", ({ spoil, says }) => {
  leaveResults();
  spoil();
  expect(() => share(out, NOTEBOOK)).toThrow(ShareError);
  expect(() => share(out, NOTEBOOK)).toThrow(says);
  expect(readdirSync(out)).not.toContain("share");
});
