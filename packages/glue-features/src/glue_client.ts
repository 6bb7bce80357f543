import { GlueClient } from "@aws-sdk/client-glue";
import { type AwsSession, perSession } from "@keyspaces-segmentation/aws-session";

export const glueOf: (aws: AwsSession) => GlueClient = perSession((settings) => new GlueClient(settings));
