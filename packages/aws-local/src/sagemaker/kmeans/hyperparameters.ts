import { ContainerFailure } from "../container_failures.js";
import type { StartMethod } from "./starts.js";

/** What the training uses of the hyperparameters. */
export interface Hyperparameters {
  readonly k: number;
  readonly featureDim: number;
  readonly extraCenterFactor: number | "auto";
  readonly batchSize: number;
  /** Of the passes over the data. */
  readonly webScale: { readonly method: StartMethod; readonly epochs: number; readonly halfLife: number };
  /** Of the shrinking to k centroids: those that begin with `local_lloyd_`. */
  readonly lloyd: {
    readonly method: StartMethod;
    readonly trials: number;
    readonly maxIterations: number;
    readonly tolerance: number;
  };
  /** What is computed of the test channel: `msd`, `ssd`. */
  readonly evalMetrics: readonly string[];
}

type Rule = (value: string) => boolean;

const whole =
  (least: number): Rule =>
  (value) =>
    /^\d+$/.test(value) && Number.isSafeInteger(Number(value)) && Number(value) >= least;
const oneOf =
  (...allowed: string[]): Rule =>
  (value) =>
    allowed.includes(value);
const either =
  (...rules: Rule[]): Rule =>
  (value) =>
    rules.some((rule) => rule(value));
const fraction: Rule = (value) => value.trim() !== "" && Number(value) >= 0 && Number(value) <= 1;
const metrics: Rule = (value) => {
  try {
    const names: unknown = JSON.parse(value);
    return Array.isArray(names) && names.length > 0 && names.every((name) => name === "msd" || name === "ssd");
  } catch {
    return false;
  }
};

/** https://docs.aws.amazon.com/sagemaker/latest/dg/k-means-api-config.html, and `force_dense`, which the Python SDK sends. */
const rules: Readonly<Record<string, Rule>> = {
  feature_dim: whole(1),
  k: whole(1),
  epochs: whole(1),
  eval_metrics: metrics,
  extra_center_factor: either(whole(1), oneOf("auto")),
  force_dense: oneOf("true", "True", "false", "False"),
  half_life_time_size: whole(0),
  init_method: oneOf("random", "kmeans++"),
  local_lloyd_init_method: oneOf("random", "kmeans++"),
  local_lloyd_max_iter: whole(1),
  local_lloyd_num_trials: either(whole(1), oneOf("auto")),
  local_lloyd_tol: fraction,
  mini_batch_size: whole(1),
};

/** As the container prints them in its log. */
export const defaults: Readonly<Record<string, string>> = {
  init_method: "random",
  mini_batch_size: "5000",
  epochs: "1",
  extra_center_factor: "auto",
  local_lloyd_max_iter: "300",
  local_lloyd_tol: "0.0001",
  local_lloyd_init_method: "kmeans++",
  local_lloyd_num_trials: "auto",
  half_life_time_size: "0",
  eval_metrics: '["msd"]',
  force_dense: "true",
};

/** What `auto` comes to, as the container logs it. */
const AUTO_TRIALS = 10;

/**
 * The hyperparameters as the container checks them: by name, type and range.
 *
 * @throws ContainerFailure in the words of the container's JSON schema
 */
export function readHyperparameters(given: Readonly<Record<string, string>>): Hyperparameters {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      throw new ContainerFailure("ClientError", `Additional properties are not allowed ('${name}' was unexpected)`);
    }
    if (!rule(value)) {
      const reason = `'${value}' is not valid under any of the given schemas: hyperparameter ${name}`;
      throw new ContainerFailure("AlgorithmError", reason);
    }
  }
  for (const name of ["k", "feature_dim"]) {
    if (given[name] !== undefined) continue;
    const reason = `No value(s) were specified for '${name}' which are required hyperparameter(s)`;
    const cause = `(caused by ValidationError)\n\nCaused by: '${name}' is a required property`;
    throw new ContainerFailure("ClientError", `${reason} ${cause}`);
  }
  const all: Readonly<Record<string, string>> = { ...defaults, ...given };
  return {
    k: Number(all.k),
    featureDim: Number(all.feature_dim),
    extraCenterFactor: all.extra_center_factor === "auto" ? "auto" : Number(all.extra_center_factor),
    batchSize: Number(all.mini_batch_size),
    webScale: {
      method: all.init_method as StartMethod,
      epochs: Number(all.epochs),
      halfLife: Number(all.half_life_time_size),
    },
    lloyd: {
      method: all.local_lloyd_init_method as StartMethod,
      trials: all.local_lloyd_num_trials === "auto" ? AUTO_TRIALS : Number(all.local_lloyd_num_trials),
      maxIterations: Number(all.local_lloyd_max_iter),
      tolerance: Number(all.local_lloyd_tol),
    },
    evalMetrics: JSON.parse(all.eval_metrics ?? "") as string[],
  };
}
