// Fits k-means with ml-kmeans. It makes one start a call: here as many as asked for, and the best is kept, as the others do.
// An ES module, because the package is one. Prints one line of JSON: rows, seconds of the fits, inertias.
//
// usage: ml_kmeans.mjs <file of float64 values, row-major> <columns> <numbers of clusters, separated by commas> <starts>
import { readFileSync } from "node:fs";
import { kmeans } from "ml-kmeans";

const [file, columnsText, ksText, startsText] = process.argv.slice(2);
const columns = Number(columnsText);
const bytes = readFileSync(file);
const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
const rows = Array.from({ length: values.length / columns }, (_, i) => [
  ...values.subarray(i * columns, (i + 1) * columns),
]);
const ks = ksText.split(",").map(Number);

const inertiaOf = ({ clusters, centroids }) =>
  rows.reduce((sum, row, i) => {
    const centroid = centroids[clusters[i]];
    return row.reduce((part, value, j) => part + (value - centroid[j]) ** 2, sum);
  }, 0);

const start = performance.now();
const inertias = ks.map((k) => {
  const starts = Array.from({ length: Number(startsText) }, (_, i) =>
    kmeans(rows, k, { seed: i + 1, maxIterations: 300 }),
  );
  return Math.min(...starts.map(inertiaOf));
});
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ rows: rows.length * ks.length, seconds, inertias }));
