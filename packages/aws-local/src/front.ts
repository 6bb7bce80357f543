import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Authoriser, Caller } from "@keyspaces-segmentation/iam-local";
import type { Identity } from "@keyspaces-segmentation/local-support";
import {
  AwsError,
  authenticate,
  headerValues,
  readBody,
  readClaim,
  type SignatureClaim,
  sha256,
  type WireRequest,
  writeBytes,
  writeError,
  writeJson,
  writeQueryResult,
} from "@keyspaces-segmentation/local-support";
import type { Call } from "./authorise/call.js";
import { parametersOf } from "./authorise/describe_others.js";
import { addressOf, deletesSeveral } from "./authorise/describe_s3.js";
import { checkPermission, createGate } from "./authorise/gate.js";
import { tableKeyRefusal } from "./authorise/key_use.js";
import { authoriseS3, judgeAnswer, operationOfS3, saysInBody, withoutRefused } from "./authorise/s3_access.js";
import { guardOf, joinVpc, trustSageMaker } from "./authorise/service_roles.js";
import { simulate } from "./authorise/simulate.js";
import { GLUE_SESSION, openRoles } from "./glue/roles.js";
import { createGlue } from "./glue/service.js";
import type { GlueSettings } from "./glue/settings.js";
import { checkRoute } from "./moto_route.js";
import { deleteAllowed, forward } from "./proxy.js";
import { answerElsewhere, type RpcService } from "./rpc_service.js";
import { createSageMaker } from "./sagemaker/service.js";
import type { SageMakerSettings } from "./sagemaker/settings.js";
import { answerSts, type Sessions } from "./sts.js";
import { operationOf, protocolOf } from "./wire_operation.js";

export interface AwsFrontOptions {
  readonly region: string;
  /** Who may sign requests; sessions that STS hands out are added. */
  readonly identities: Identity[];
  readonly moto: { readonly port: number };
  /** Decides, by the policies that IAM holds, what identities may do that have those permissions; without it they may do nothing. */
  readonly authoriser?: Authoriser | undefined;
  /** The least time, in milliseconds, that a job or endpoint stays in each status; a function of it is asked each time that one begins. */
  readonly trainingPace?: number | (() => number);
  /** What the chance of trainings comes from; quotas of the account, and what goes wrong, for tests. */
  readonly sageMaker?: SageMakerSettings;
  /** Services that are answered elsewhere, by AWS JSON or CBOR, by the name that requests are signed for; they see to permissions themselves. */
  readonly services?: ReadonlyMap<string, RpcService>;
  /** How Glue runs scripts; without it, there is no Spark. */
  readonly glue?: Partial<GlueSettings> | undefined;
  readonly now?: () => Date;
}

export interface AwsFront {
  readonly port: number;
  /** One URL for all services: `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Whether Keyspaces may encrypt a table with a key on behalf of a caller. @returns why not; undefined if it may, or nobody decides */
  tableKeyRefusal(arn: string, caller: Caller): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Services that moto answers. */
const proxied = new Set(["kms", "iam", "logs"]);

/** What S3 takes as the hash of a body. Chunks of a streamed one carry signatures of their own, which are not checked. */
const payloadHashPattern =
  /^([0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-(AWS4-HMAC-SHA256-PAYLOAD|UNSIGNED-PAYLOAD)(-TRAILER)?)$/;

/**
 * Starts the stand-in for AWS's HTTP endpoints: every request must carry a valid SigV4 signature of one of `identities`.
 * STS, SageMaker and Glue's jobs are answered here, S3, KMS, IAM and CloudWatch Logs by moto; anything else is refused by name.
 */
export async function startAwsFront(options: AwsFrontOptions): Promise<AwsFront> {
  const { region, moto, trainingPace = 700, now = () => new Date() } = options;
  const { identities } = options;
  const authentication = { region, identities, now };
  const account = identities[0]?.account ?? "";
  const tagsAt = (arn: string) => sageMaker.tagsAt(arn);
  const gate =
    options.authoriser && (await createGate(options.authoriser, { region, account, motoPort: moto.port, tagsAt }));
  const sageMaker = createSageMaker({
    region,
    motoPort: moto.port,
    pace: trainingPace,
    now,
    guard: gate && guardOf(gate, region, "SageMaker"),
    trainingChance: options.sageMaker?.trainingChance,
    ...(options.sageMaker?.quotas && { quotas: options.sageMaker.quotas }),
    ...(options.sageMaker?.fail && { fail: options.sageMaker.fail }),
  });
  let port = 0;
  const glue = createGlue({
    region,
    motoPort: moto.port,
    pace: trainingPace,
    now,
    endpoint: () => `http://127.0.0.1:${port}`,
    roles: openRoles(identities, gate),
    guard: gate && guardOf(gate, region, GLUE_SESSION),
    spark: options.glue?.spark ?? { submit: undefined, install: "none was given to it" },
    minute: options.glue?.minute,
    quotas: options.glue?.quotas,
  });
  const sessions: Sessions | undefined = gate && {
    role: (arn) => gate.role(arn),
    managedPolicy: (arn) => gate.managedPolicy(arn),
    add: (identity) => void identities.push(identity),
    now,
  };

  async function answerS3(
    request: IncomingMessage,
    response: ServerResponse,
    wire: WireRequest,
    claim: SignatureClaim,
  ): Promise<void> {
    const [payloadHash] = headerValues(wire, "x-amz-content-sha256");
    if (payloadHash === undefined) {
      throw new AwsError("incomplete", "Missing required header for this request: x-amz-content-sha256");
    }
    if (!payloadHashPattern.test(payloadHash)) {
      throw new AwsError(
        "incomplete",
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, one of the STREAMING-… values, or a valid sha256 value.",
      );
    }
    const identity = authenticate(wire, claim, payloadHash, authentication);
    if (identity.permissions !== "all" && !(gate && identity.permissions === "policies")) {
      throw new AwsError("denied", "Access Denied");
    }
    checkRoute("s3", wire.target, headerValues(wire, "host"));
    if (!gate) return forward(request, response, moto.port, claim, { payloadHash });
    const inBody = saysInBody(wire);
    const body = inBody ? await readBody(request) : Buffer.alloc(0);
    if (inBody && /^[0-9a-f]{64}$/.test(payloadHash) && sha256(body) !== payloadHash) {
      throw new AwsError("wrongBody", "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    const call: Call = { operation: operationOfS3(wire), wire, body, account: identity.account, region };
    if (deletesSeveral(wire)) {
      const { body: allowed, errors } = await withoutRefused(gate, call, identity);
      if (errors !== "") return deleteAllowed(response, wire, moto.port, claim, { body: allowed, errors });
    } else await authoriseS3(gate, call, identity);
    const sent = inBody ? { bytes: body } : { payloadHash };
    const changes = ["PUT", "DELETE"].includes(wire.method) && addressOf(wire).key === "";
    await forward(request, response, moto.port, claim, sent, async (answer) => {
      await judgeAnswer(gate, call, identity, answer);
      if (changes) await gate.changed("s3", call.operation);
    });
  }

  async function answerOther(
    request: IncomingMessage,
    response: ServerResponse,
    wire: WireRequest,
    claim: SignatureClaim,
  ): Promise<void> {
    const { service } = claim;
    const body = await readBody(request);
    const identity = authenticate(wire, claim, sha256(body), authentication);
    const elsewhere = options.services?.get(service);
    if (elsewhere) return answerElsewhere(elsewhere, response, wire, body, identity);
    const operation = operationOf(wire, body);
    const call: Call = { operation, wire, body, account: identity.account, region };
    if (service !== "sts") checkPermission(identity, service, operation, gate);
    await gate?.authorise(service, call, identity);
    if (service === "sts") return answerSts(response, identity, operation, parametersOf(body), sessions);
    if (options.authoriser && service === "iam" && operation === "SimulatePrincipalPolicy") {
      const result = simulate(options.authoriser, parametersOf(body));
      return writeQueryResult(response, "https://iam.amazonaws.com/doc/2010-05-08/", operation, result);
    }
    if (proxied.has(service)) {
      checkRoute(service, wire.target, headerValues(wire, "host"));
      return forward(request, response, moto.port, claim, { bytes: body }, async () =>
        gate?.changed(service, operation),
      );
    }
    if (service === "glue") return writeJson(response, await glue.answer(operation, body, identity));
    if (gate && service === "sagemaker") {
      trustSageMaker(gate, call);
      await joinVpc(gate, call);
    }
    if (service === "sagemaker") {
      if (protocolOf(wire, service) === "json") {
        return writeJson(response, await sageMaker.answer(operation, body, identity));
      }
      const { method, target: path } = wire;
      const headers = request.headers as Record<string, string>;
      return writeBytes(response, await sageMaker.invoke({ method, path, headers, body }, identity));
    }
    throw new AwsError("notEmulated", `${service} ${operation} is not emulated.`);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wire: WireRequest = {
      method: request.method ?? "",
      target: request.url ?? "",
      rawHeaders: request.rawHeaders,
    };
    // The clock that signatures are checked against; an SDK whose own is off sets itself right by it.
    response.setHeader("date", now().toUTCString());
    let service: string | undefined;
    try {
      const claim = readClaim(wire);
      service = claim.service;
      await (service === "s3" ? answerS3 : answerOther)(request, response, wire, claim);
    } catch (error) {
      writeError(response, protocolOf(wire, service), error);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  // After Node's 5 s, a busy client's next request may cross the end of its connection.
  server.keepAliveTimeout = KEPT_ALIVE_MS;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
  const end = async () => {
    await close(server, [sageMaker, glue]);
    gate?.close();
  };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    tableKeyRefusal: async (arn, caller) => gate && tableKeyRefusal(gate, { arn, region }, caller),
    close: end,
  };
}

/** Of a connection without a request. */
const KEPT_ALIVE_MS = 55_000;

async function close(
  server: ReturnType<typeof createServer>,
  services: readonly { close(): Promise<void> }[],
): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await Promise.all([closed, ...services.map((service) => service.close())]);
}
