"""Where files are kept: a local folder, or a bucket on S3."""
