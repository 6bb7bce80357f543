"""Objects in S3, each put and read in one piece."""

# What the notebook's clean-up knows its own objects by.
MARK = {"made-by": "keyspaces-segmentation"}


def split_uri(uri):
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return bucket, prefix.strip("/")


class Store:
    """A folder in S3. The arguments are those of every job; `fips`: reached by endpoints whose cryptography is validated by FIPS 140."""

    def __init__(self, uri, region, arguments):
        self.uri, self.region, self.fips = uri.rstrip("/"), region, arguments["fips"] == "true"
        key = arguments["kms_key"]
        self.encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
        whose = {"run": arguments["run"], "made-for": arguments["made_for"]}
        self.mark = {**MARK, **{name: value for name, value in whose.items() if value}}

    def put(self, key, data):
        self._client().put_object(**self._place(key), Body=data, Metadata=self.mark, **self.encryption)

    def get(self, key):
        return self._client().get_object(**self._place(key))["Body"].read()

    def keys(self, beginning):
        """Of the objects there are whose keys begin so."""
        place = self._place(beginning)
        root = len(place["Key"]) - len(beginning)
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=place["Bucket"], Prefix=place["Key"])
        return [each["Key"][root:] for page in pages for each in page.get("Contents", ())]

    def _place(self, key):
        bucket, prefix = split_uri(self.uri)
        return {"Bucket": bucket, "Key": f"{prefix}/{key}" if prefix else key}

    def _client(self):
        # Made where it is used: clients do not travel to executors.
        import boto3
        from botocore.config import Config

        # None: as the surroundings say, where a script is started by hand.
        config = Config(retries={"mode": "standard", "max_attempts": 10}, use_fips_endpoint=self.fips or None)
        return boto3.client("s3", region_name=self.region, config=config)
