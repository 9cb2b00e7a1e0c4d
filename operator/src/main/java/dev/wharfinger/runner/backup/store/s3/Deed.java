package dev.wharfinger.runner.backup.store.s3;

/** What is asked of a bucket, and the permission it takes. */
enum Deed {
  READ("reading", "s3:GetObject"),
  LOOK("looking for", "s3:GetObject"),
  WRITE("writing", "s3:PutObject"),
  LIST("listing", "s3:ListBucket"),
  DELETE("deleting", "s3:DeleteObject"),
  LIST_UPLOADS("listing unfinished uploads of", "s3:ListBucketMultipartUploads"),
  ABORT("ending the unfinished upload of", "s3:AbortMultipartUpload");

  private final String text;
  private final String permission;

  Deed(String text, String permission) {
    this.text = text;
    this.permission = permission;
  }

  /** For people, before a key. */
  String text() {
    return text;
  }

  /** As policies name it. */
  String permission() {
    return permission;
  }

  /** What else may be wrong where it is denied. */
  String afterwards() {
    return this == READ || this == LOOK
        ? ", and s3:ListBucket, without which a missing object looks like a forbidden one"
        : "";
  }
}
