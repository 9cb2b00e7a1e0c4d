package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a store answered, as a reason and the next thing to do. */
final class Failures {
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final int NOT_BUILT = 501;
  private static final int FULL = 507;

  private Failures() {}

  /** The word of the provider for what is wrong; empty where it gave none. */
  static String code(RuntimeException error) {
    if (error instanceof AwsServiceException answer) {
      AwsErrorDetails details = answer.awsErrorDetails();
      return details == null || details.errorCode() == null ? "" : details.errorCode();
    }
    return "";
  }

  /** HTTP status of the answer; 0 where there was none. */
  static int status(RuntimeException error) {
    return error instanceof AwsServiceException answer ? answer.statusCode() : 0;
  }

  /** Whether the store does not know the condition that an object must not be there. */
  static boolean unknownCondition(RuntimeException error) {
    return status(error) == NOT_BUILT || code(error).equals("NotImplemented");
  }

  /** What went wrong. An error of this program is thrown as it is. */
  static IOException of(RuntimeException error, Deed deed, String key, Bucket bucket) {
    TargetException own = TargetException.in(error);
    if (own != null) {
      return own;
    }
    if (error instanceof AwsServiceException) {
      return answered(error, deed, key, bucket);
    }
    if (error instanceof SdkException || error instanceof java.io.UncheckedIOException) {
      return Unanswered.of(error, bucket.describe());
    }
    throw error;
  }

  private static IOException answered(
      RuntimeException error, Deed deed, String key, Bucket bucket) {
    String code = code(error);
    String place = bucket.describe();
    String said = said(error, deed, key);
    switch (code) {
      case "NoSuchUpload":
        return deed == Deed.ABORT
            ? new MissingObjectException(key)
            : other(place, said).ofOneObject();
      case "NoSuchKey":
        return new MissingObjectException(key);
      case "NoSuchBucket":
        return TargetException.refused(
            "bucket-missing",
            "there is no bucket %s (%s); make it, or correct --to or --from. It is not made here"
                .formatted(place, code));
      case "InvalidAccessKeyId",
      "SignatureDoesNotMatch",
      "InvalidToken",
      "ExpiredToken",
      "InvalidSecurity",
      "UnauthorizedAccess":
        return TargetException.refused(
            "credentials-refused",
            place + " does not take the keys: " + said + "; give it those that are valid now");
      case "RequestTimeTooSkewed", "RequestExpired":
        return TargetException.refused(
            "clock-skewed",
            "the clock here and that of %s differ too much: %s; set this machine's clock"
                .formatted(place, said));
      case "PermanentRedirect",
      "TemporaryRedirect",
      "AuthorizationHeaderMalformed",
      "IllegalLocationConstraintException":
        return TargetException.refused(
            "region-wrong",
            place + " is not reached like this: " + said + "; say the bucket's own --region");
      case "ConditionalRequestConflict", "OperationAborted", "SlowDown":
        return busy(place, said);
      case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull":
        return full(place, said);
      case "EntityTooLarge", "InvalidPart", "MalformedXML":
        return other(place, said).ofOneObject();
      case "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody":
        return TargetException.failed(
                "target-alters", place + " got other bytes than were sent: " + said)
            .ofOneObject();
      default:
        return byStatus(error, deed, place, said);
    }
  }

  private static IOException byStatus(
      RuntimeException error, Deed deed, String place, String said) {
    int status = status(error);
    if (status == FORBIDDEN || code(error).equals("AccessDenied")) {
      return TargetException.refused(
              "access-denied",
              "%s denies it: %s; allow %s there%s"
                  .formatted(place, said, deed.permission(), deed.afterwards()))
          .ofOneObject();
    }
    if (status == FULL) {
      return full(place, said);
    }
    if (status == TOO_MANY || status >= SERVER_ERROR && status != NOT_BUILT) {
      return busy(place, said);
    }
    if (code(error).isEmpty() && deed != Deed.LOOK) {
      return TargetException.refused(
          "target-not-understood",
          "%s does not answer as S3 does: %s; --endpoint has to be the S3 API, not a web page"
              .formatted(place, said));
    }
    return other(place, said);
  }

  private static TargetException busy(String place, String said) {
    return TargetException.failed(
        "target-busy", place + " did not do it in several tries: " + said + "; try again later");
  }

  private static TargetException full(String place, String said) {
    return TargetException.failed("target-full", place + " has no room: " + said);
  }

  private static TargetException other(String place, String said) {
    return TargetException.failed("target-failed", place + " refused it: " + said);
  }

  /** What was asked, and the provider's own words. */
  private static String said(RuntimeException error, Deed deed, String key) {
    AwsErrorDetails details =
        error instanceof AwsServiceException answer ? answer.awsErrorDetails() : null;
    String message = details == null ? null : details.errorMessage();
    return "%s %s got HTTP %d %s%s"
        .formatted(
            deed.text(),
            key,
            status(error),
            code(error),
            message == null || message.isBlank() ? "" : ", \"" + Unanswered.clean(message) + "\"");
  }
}
