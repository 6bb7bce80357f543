// Writes template.yaml, CloudFormation for those who have no bucket and roles yet, of the policies in iam/: node make_template.mjs
// The names between ${ and } in them are what the template's parameters and resources are called.
import { readFileSync, writeFileSync } from "node:fs";

const documentOf = (name) => JSON.parse(readFileSync(new URL(`iam/${name}.json`, import.meta.url), "utf8"));

/** Strings with something to fill in, as CloudFormation fills them in. */
function substituted(value) {
  if (typeof value === "string") return value.includes("${") ? { "!Sub": value } : value;
  if (Array.isArray(value)) return value.map(substituted);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substituted(inner)]));
}

const policy = (name) => substituted(documentOf(name));
const inline = (name, file) => ({ PolicyName: name, PolicyDocument: policy(file) });
const ref = (name) => ({ "!Ref": name });
/** Of whoever works with the notebook. What stands in a role itself may have 10,240 characters in all, one of these 6,144. */
const managed = (Description, file) => ({
  Type: "AWS::IAM::ManagedPolicy",
  Properties: {
    Description,
    PolicyDocument: policy(file),
    Roles: [ref("NotebookRole"), { "!If": ["HasAccessRole", ref("AccessRole"), ref("AWS::NoValue")] }],
  },
});

const template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Description:
    "Customer segmentation with Amazon Keyspaces: a private bucket, the roles of the notebook, of its training jobs and of its Spark jobs, and, where they are wanted, a KMS key and an access role.",
  Parameters: {
    BucketName: {
      Type: "String",
      Description: "Bucket for training data, models and results; it is made.",
      AllowedPattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    },
    Prefix: {
      Type: "String",
      Default: "customer-segmentation",
      Description: "What keys in it begin with, without the slash.",
    },
    Keyspace: {
      Type: "String",
      Default: "blog_*",
      Description: "The keyspace, as the parameter of the notebook; a star may stand for the day in its default name.",
    },
    Table: {
      Type: "String",
      Default: "online_retail",
      Description: "The table of invoice lines, as the parameter of the notebook: Spark jobs read no other.",
    },
    DataBucket: { Type: "String", Default: "sagemaker-sample-files", Description: "Bucket of the retail data." },
    DataKey: {
      Type: "String",
      Default: "datasets/tabular/online_retail/online_retail_II_20k.csv",
      Description: "Key of the retail data.",
    },
    InstanceType: {
      Type: "String",
      Default: "ml.m5.large",
      Description: "The instance type that may train; it may have stars.",
    },
    WithKey: { Type: "String", Default: "no", AllowedValues: ["yes", "no"], Description: "Whether to make a KMS key." },
    InVpc: {
      Type: "String",
      Default: "no",
      AllowedValues: ["yes", "no"],
      Description: "Whether jobs run in subnets of yours, as the parameters subnets and securityGroups say.",
    },
    ProjectRoleArn: {
      Type: "String",
      Default: "",
      Description:
        "ARN of a role that may assume the access role, such as a project's in Unified Studio; empty for no access role.",
    },
  },
  Conditions: {
    IsInVpc: { "!Equals": [ref("InVpc"), "yes"] },
    HasKey: { "!Equals": [ref("WithKey"), "yes"] },
    HasAccessRole: { "!Not": [{ "!Equals": [ref("ProjectRoleArn"), ""] }] },
  },
  Resources: {
    Bucket: {
      Type: "AWS::S3::Bucket",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BucketName: ref("BucketName"),
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: {
                "!If": [
                  "HasKey",
                  { SSEAlgorithm: "aws:kms", KMSMasterKeyID: { "!GetAtt": "KeyId.Arn" } },
                  { SSEAlgorithm: "AES256" },
                ],
              },
            },
          ],
        },
        LifecycleConfiguration: {
          Rules: [
            { Id: "UnfinishedUploads", Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
          ],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    BucketPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: { Bucket: ref("Bucket"), PolicyDocument: policy("bucket_policy") },
    },
    TrainingRole: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: policy("training_trust"),
        Policies: [inline("training", "training_policy")],
      },
    },
    Network: {
      Type: "AWS::IAM::Policy",
      Condition: "IsInVpc",
      Properties: {
        PolicyName: "network",
        PolicyDocument: policy("network_policy"),
        Roles: [ref("TrainingRole")],
      },
    },
    NotebookRole: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: policy("notebook_trust"),
        Policies: [
          inline("notebook", "notebook_policy"),
          inline("spark", "spark_policy"),
          inline("studio", "studio_policy"),
        ],
      },
    },
    Scoring: managed("Scoring new customers by a batch transform or an endpoint", "scoring_policy"),
    CleanUp: managed("Finding and removing what runs have left", "clean_up_policy"),
    FeaturesRole: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: policy("features_trust"),
        Policies: [inline("features", "features_policy")],
      },
    },
    AccessRole: {
      Type: "AWS::IAM::Role",
      Condition: "HasAccessRole",
      Properties: {
        AssumeRolePolicyDocument: policy("access_trust"),
        Policies: [inline("notebook", "notebook_policy"), inline("spark", "spark_policy")],
      },
    },
    KeyId: {
      Type: "AWS::KMS::Key",
      Condition: "HasKey",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        Description: "Training data, models and results of the customer segmentation",
        EnableKeyRotation: true,
        KeyPolicy: policy("key_policy"),
      },
    },
    KeyUse: {
      Type: "AWS::IAM::Policy",
      Condition: "HasKey",
      Properties: {
        PolicyName: "key",
        PolicyDocument: policy("key_use_policy"),
        Roles: [
          ref("NotebookRole"),
          ref("TrainingRole"),
          ref("FeaturesRole"),
          { "!If": ["HasAccessRole", ref("AccessRole"), ref("AWS::NoValue")] },
        ],
      },
    },
  },
  Outputs: {
    NotebookRoleArn: { Description: "For the space or notebook instance.", Value: { "!GetAtt": "NotebookRole.Arn" } },
    TrainingRoleArn: { Description: "For the parameter executionRole.", Value: { "!GetAtt": "TrainingRole.Arn" } },
    FeaturesRoleArn: { Description: "For the parameter sparkRole.", Value: { "!GetAtt": "FeaturesRole.Arn" } },
    BucketName: { Description: "For the parameter bucket.", Value: ref("Bucket") },
    KeyArn: { Condition: "HasKey", Description: "For the parameter kmsKey.", Value: { "!GetAtt": "KeyId.Arn" } },
    AccessRoleArn: {
      Condition: "HasAccessRole",
      Description: "The role to assume from a project.",
      Value: { "!GetAtt": "AccessRole.Arn" },
    },
  },
};

const isObject = (value) => typeof value === "object";
const isTag = (key) => key.startsWith("!");
/** Words that YAML would take for something else than text. */
const plain = (text) => /^[A-Z]\w*$/.test(text) && !/^(null|true|false|yes|no|on|off|y|n)$/i.test(text);
const scalar = (value) => (typeof value === "string" && !plain(value) ? JSON.stringify(value) : String(value));

/** YAML, behind a key or the dash of a list: text as JSON writes it, functions as tags. */
function yaml(value, indent) {
  if (!isObject(value)) return ` ${scalar(value)}`;
  const pad = `\n${"  ".repeat(indent)}`;
  if (Array.isArray(value)) {
    return value.map((item) => `${pad}-${yaml(item, indent + 1).replace(/^\n\s*/, " ")}`).join("");
  }
  return Object.entries(value)
    .map(([key, inner]) => {
      if (isTag(key)) return ` ${key}${yaml(inner, indent)}`;
      return `${pad}${plain(key) ? key : JSON.stringify(key)}:${yaml(inner, indent + 1)}`;
    })
    .join("");
}

const text = `# Made by make_template.mjs of the policies in iam/: change those.${yaml(template, 0)}\n`;
if (process.argv.includes("--print")) process.stdout.write(text);
else writeFileSync(new URL("template.yaml", import.meta.url), text);
