/** `npm run bench [NAME]`: runs one benchmark, or all of them. Each compares two programs in one run and prints ratios. */
console.error("There are no benchmarks yet.");
process.exitCode = 1;
