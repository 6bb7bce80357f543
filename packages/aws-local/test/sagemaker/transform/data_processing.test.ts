import { describe, expect, test } from "@jest/globals";
import {
  ProcessingFailure,
  processing,
} from "@keyspaces-segmentation/aws-local/dist/sagemaker/transform/data_processing.js";

describe("CSV", () => {
  const filters = { InputFilter: "$[1:]", JoinSource: "Input", OutputFilter: "$[0,-2,-1]" };
  const carried = processing(filters, "text/csv; label_size=0");

  test.each([
    ["c-1,0,4", "0,4", "c-1,1.0,2.5"],
    ['"Smith, ""A""",0,4', "0,4", '"Smith, ""A""",1.0,2.5'],
    [",0,4", "0,4", ",1.0,2.5"],
  ])("%s keeps its id", (record, input, output) => {
    expect(carried.active).toBe(true);
    expect(carried.input(record)).toBe(input);
    expect(carried.output(record, "1.0,2.5", "text/csv")).toBe(output);
  });

  test("without a filter of the output, all is kept", () => {
    expect(processing({ JoinSource: "Input" }, "text/csv").output("a,b", "1.0,2.5", "text/csv")).toBe("a,b,1.0,2.5");
  });

  test("without a join, the filter is of the answer alone", () => {
    expect(processing({ OutputFilter: "$[0]" }, "text/csv").output("a,b", "1.0,2.5", "text/csv")).toBe("1.0");
  });

  test.each([
    ['"open,1', "Failed to parse the record as CSV"],
    ["", "Failed to apply the input filter: there is no element 1 among 1"],
  ])("%j cannot be filtered", (record, message) => {
    const failure = () => processing({ InputFilter: "$[1]" }, "text/csv").input(record);
    expect(failure).toThrow(new ProcessingFailure(message));
  });
});

describe("JSON", () => {
  const joined = processing({ JoinSource: "Input" }, "application/jsonlines");
  test.each([
    ['{"id":1}', '{"id":1,"SageMakerOutput":{"closest_cluster":2}}'],
    ["[1,2]", '{"SageMakerInput":[1,2],"SageMakerOutput":{"closest_cluster":2}}'],
  ])("%s is joined", (record, output) => {
    expect(joined.output(record, '{"closest_cluster":2}', "application/jsonlines")).toBe(output);
  });

  test("joins only with JSON", () => {
    expect(() => joined.output("{}", "1.0,2.5", "text/csv")).toThrow(
      new ProcessingFailure("Failed to parse output from the algorithm as JSON"),
    );
  });
});

test("nothing asked for is nothing done; RecordIO can be neither filtered nor joined", () => {
  expect(processing({}, "text/csv").active).toBe(false);
  expect(processing({ InputFilter: "$", OutputFilter: "$", JoinSource: "None" }, "text/csv").active).toBe(false);
  const recordIo = processing({ InputFilter: "$[0]" }, "application/x-recordio-protobuf");
  expect(() => recordIo.input("x")).toThrow(ProcessingFailure);
});
