import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAgainst, type Identity, type ServiceModel, sentenceOf } from "@keyspaces-segmentation/local-support";
import type { ControlPlane } from "../control_plane/control_plane.js";
import { fault, faultOf, notFound } from "../control_plane/errors.js";
import { Refusal } from "../protocol/refusal.js";
import type { Access } from "../rules/needs.js";
import { streamArn } from "../schema/arns.js";
import type { Definer } from "../schema/define.js";
import type { Stream } from "../schema/stream_store.js";
import { readIterator, type ShardIteratorRequest, startOf, writeIterator } from "./shard_iterator.js";
import { readToken, validationFault, writeToken } from "./stream_tokens.js";

interface StreamsContext extends Pick<Definer, "streams" | "lifecycle" | "region" | "account" | "now"> {
  readonly access: Access;
}
type Operation = (request: never, context: StreamsContext) => object | Promise<object>;

/** A stream has one shard here, which is closed when the table's cdc is turned off. */
const SHARD_ID = "shardId-00000000000000000000-00000000";
const MOST_STREAMS = 100;
const MOST_RECORDS = 100;
/** Of one answer. */
const MOST_BYTES = 1024 * 1024;

/** The API of tables' streams, `KeyspacesStreams`. @param accessTo what an identity may do */
export function createStreamsApi(definer: Definer, accessTo: (identity: Identity) => Access): ControlPlane {
  const model = JSON.parse(
    readFileSync(join(__dirname, "..", "..", "data", "streams_service_model.json"), "utf8"),
  ) as ServiceModel;
  return {
    async answer(operation, input, identity) {
      const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!handler) throw fault("UnknownOperationException", "");
      const { request, violations } = checkAgainst(model, operation, input);
      if (violations.length > 0) throw validationFault(sentenceOf(violations), "InvalidFormat");
      const { streams, lifecycle, region, account, now } = definer;
      try {
        return await handler(request as never, {
          streams,
          lifecycle,
          region,
          account,
          now,
          access: accessTo(identity),
        });
      } catch (error) {
        throw error instanceof Refusal ? faultOf(error) : error;
      }
    },
  };
}

const arnOf = (stream: Stream, context: StreamsContext): string =>
  streamArn(context, stream.keyspace, stream.table, stream.label);

/** @throws AwsError for what is none of this account's, or not there, and for who may not */
function streamNamed(arn: string, action: "GetStream" | "GetShardIterator" | "GetRecords", context: StreamsContext) {
  const path = arn.slice(arn.indexOf("/keyspace/"));
  context.access.require([{ action, resource: path }]);
  const stream = context.streams.streams().find((each) => arnOf(each, context) === arn);
  if (!stream) throw notFound(`Unable to find stream ${arn}`, arn);
  return stream;
}

function listStreams(
  request: { keyspaceName?: string; tableName?: string; maxResults?: number; nextToken?: string },
  context: StreamsContext,
): object {
  const { keyspaceName, tableName, maxResults = MOST_STREAMS, nextToken } = request;
  context.access.require([{ action: "ListStreams", resource: "*" }]);
  if (tableName !== undefined && keyspaceName === undefined) {
    throw validationFault("A tableName needs the keyspaceName that it is in", "InvalidFormat");
  }
  const after = nextToken === undefined ? "" : readToken(nextToken, context.now());
  const wanted = context.streams
    .streams()
    .filter(({ keyspace, table }) => (keyspaceName ?? keyspace) === keyspace && (tableName ?? table) === table)
    .map((stream) => ({ stream, arn: arnOf(stream, context) }))
    .toSorted((one, other) => (one.arn < other.arn ? -1 : 1))
    .filter(({ arn }) => arn > after);
  const page = wanted.slice(0, maxResults);
  return {
    streams: page.map(({ arn, stream: { keyspace, table, label } }) => ({
      streamArn: arn,
      keyspaceName: keyspace,
      tableName: table,
      streamLabel: label,
    })),
    nextToken: page.length < wanted.length ? writeToken(page.at(-1)!.arn, context.now()) : undefined,
  };
}

function getStream(
  request: { streamArn: string; shardFilter?: { type?: string; shardId?: string }; nextToken?: string },
  context: StreamsContext,
): object {
  const stream = streamNamed(request.streamArn, "GetStream", context);
  const { keyspace, table, label, created, view, ended } = stream;
  const shard = {
    shardId: SHARD_ID,
    sequenceNumberRange: {
      startingSequenceNumber: context.streams.numberAt(created),
      // Before the next millisecond.
      endingSequenceNumber: ended && context.streams.numberAt(new Date(ended.getTime() + 1)),
    },
    parentShardIds: [],
  };
  // No shard has another for its parent.
  const hasShard = request.shardFilter === undefined && request.nextToken === undefined;
  return {
    streamArn: request.streamArn,
    streamLabel: label,
    streamStatus: ended ? "DISABLED" : "ENABLED",
    streamViewType: view,
    creationRequestDateTime: created,
    keyspaceName: keyspace,
    tableName: table,
    shards: hasShard ? [shard] : [],
  };
}

function getShardIterator(request: ShardIteratorRequest, context: StreamsContext): object {
  const { streamArn, shardId } = request;
  streamNamed(streamArn, "GetShardIterator", context);
  if (shardId !== SHARD_ID) throw notFound(`Unable to find shard ${shardId} of ${streamArn}`, streamArn);
  return { shardIterator: writeIterator(streamArn, startOf(request, context.streams, context.now()), context.now()) };
}

async function getRecords(
  { shardIterator, maxResults = MOST_RECORDS }: { shardIterator: string; maxResults?: number },
  context: StreamsContext,
): Promise<object> {
  const now = context.now();
  const { streamArn, from } = readIterator(shardIterator, now);
  const stream = streamNamed(streamArn, "GetRecords", context);
  const stored = await context.streams.read(stream, from, maxResults + 1);
  const changeRecords: object[] = [];
  let next = from;
  let bytes = 0;
  for (const { record, sequenceNumber } of stored.slice(0, maxResults)) {
    bytes += JSON.stringify(record).length;
    if (changeRecords.length > 0 && bytes > MOST_BYTES) break;
    changeRecords.push(record);
    next = `${sequenceNumber}+`;
  }
  const isAtTip = changeRecords.length === stored.length;
  return {
    changeRecords,
    // Of a shard that is closed, and read to its end, there is none.
    nextShardIterator: stream.ended && isAtTip ? undefined : writeIterator(streamArn, next, now),
    iteratorDescription: { iteratorPosition: isAtTip ? "AT_TIP" : "BEHIND_TIP" },
  };
}

const operations: Readonly<Record<string, Operation>> = {
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  GetStream: getStream,
  ListStreams: listStreams,
};
