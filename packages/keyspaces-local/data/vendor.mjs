/** Makes the two service models of botocore's models of Keyspaces and of its streams: `node vendor.mjs`, then `npm run format`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadServiceModel } from "@keyspaces-segmentation/local-support";

const kept = ["type", "min", "max", "pattern", "enum", "required", "union"];
const reference = ({ shape }) => ({ shape });

function vendor(service, version, file) {
  const model = loadServiceModel(service, version);
  const shapes = new Map();
  const keep = (name) => {
    if (shapes.has(name)) return;
    const { members, ...shape } = model.shapes[name];
    const own = Object.fromEntries(Object.entries(shape).filter(([key]) => kept.includes(key)));
    shapes.set(name, own);
    if (members) own.members = Object.fromEntries(Object.entries(members).map(([key, each]) => [key, reference(each)]));
    for (const key of ["member", "key", "value"]) if (shape[key]) own[key] = reference(shape[key]);
    for (const each of [...Object.values(own.members ?? {}), own.member, own.key, own.value])
      if (each) keep(each.shape);
  };
  const operations = Object.fromEntries(
    Object.entries(model.operations).map(([name, { input, output }]) => {
      for (const each of [input, output]) keep(each.shape);
      return [name, { input: reference(input), output: reference(output) }];
    }),
  );
  const source = `https://github.com/boto/botocore/blob/develop/botocore/data/${service}/${version}/service-2.json (Apache-2.0), requests and answers only`;
  const sorted = Object.fromEntries([...shapes].sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify({ source, operations, shapes: sorted }, null, 2);
  writeFileSync(join(import.meta.dirname ?? ".", file), `${text}\n`);
}

vendor("keyspaces", "2022-02-10", "service_model.json");
vendor("keyspacesstreams", "2024-09-09", "streams_service_model.json");
