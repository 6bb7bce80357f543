/** Where the contracts are tried. Everything else about it is in the environment, as the notebook finds it. */
export interface Target {
  readonly name: "AWS" | "the stand-in";
  /** Whether a training job may be started, which is paid for in an account. */
  readonly trains: boolean;
  /** Whether refusals have the words that the stand-in gives them; AWS may have others. */
  readonly hasOurWords: boolean;
}

/** @param environment `AWS=1` for an account; `CONTRACT_TRAINING=1` to train there too */
export function targetIn(environment: NodeJS.ProcessEnv): Target {
  const isAws = environment.AWS === "1";
  return {
    name: isAws ? "AWS" : "the stand-in",
    trains: !isAws || environment.CONTRACT_TRAINING === "1",
    hasOurWords: !isAws,
  };
}
