"""A store that speaks S3 for the tests: moto's server on a free port, with one bucket.

Prints its port, and a key and its secret as JSON. From then on it reckons every request's signature
itself, with botocore, and refuses those that do not match.
"""

import json
import os
import sys

# Whoever sets it up need not sign; the four calls below do so.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
where = {
    "endpoint_url": f"http://127.0.0.1:{port}",
    "region_name": "us-east-1",
    "aws_access_key_id": "anybody",
    "aws_secret_access_key": "anything",
}
iam = boto3.client("iam", **where)
iam.create_user(UserName="plaudit")
key = iam.create_access_key(UserName="plaudit")["AccessKey"]
everything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
iam.put_user_policy(UserName="plaudit", PolicyName="pictures", PolicyDocument=policy)
boto3.client("s3", **where).create_bucket(Bucket="pictures")
said = {"port": port, "key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
print(json.dumps(said), flush=True)
sys.stdin.read()
