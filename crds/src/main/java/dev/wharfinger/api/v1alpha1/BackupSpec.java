package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How backups of an instance are made. A {@link StorageBackup} makes one, and a schedule makes
 * StorageBackups.
 *
 * @param target where sets are kept
 * @param extraPaths what else on the SQLite volume belongs to a set
 * @param filesClaimName whose files those are on PostgreSQL
 * @param encryption who can read a set
 * @param timeout how long one backup may take
 * @param schedule when backups are due; null for none but those that a person asks for
 * @param timeZone whose hours and days the schedule speaks of
 * @param suspend while true none is due
 * @param jitter how long after its slot one may begin
 * @param startingDeadline how late it may begin at most
 * @param maxAge how old the newest good one may be
 * @param retention which sets are worth keeping
 * @param drill when a set is restored for a try
 * @param includeSecrets refused in this version
 */
@ValidationRule(
    value = "has(self.target)",
    fieldPath = ".target",
    message =
        "backup.target says where sets are kept: add it, for example {persistentVolumeClaim: {size: 10Gi}}")
@ValidationRule(
    value = BackupRules.SCHEDULE,
    fieldPath = ".schedule",
    message =
        "backup.schedule takes the five fields of cron, without seconds, such as 0 2 * * * for every day at two; or"
            + " @hourly, @daily, @weekly, @monthly")
@ValidationRule(
    value = BackupRules.TIME_ZONE,
    fieldPath = ".timeZone",
    message = "backup.timeZone is the name of a place such as Europe/Berlin, or Etc/UTC")
@ValidationRule(
    value = BackupRules.OF_A_SCHEDULE,
    fieldPath = ".schedule",
    message =
        "backup.suspend, jitter and startingDeadline are about a schedule: add backup.schedule, or remove them")
@ValidationRule(
    value = "!has(self.jitter) || self.jitter.matches('^(0|[1-9][0-9]{0,3})(s|m|h)$')",
    fieldPath = ".jitter",
    message = "backup.jitter must be a whole number with the unit s, m or h, for example 10m")
@ValidationRule(
    value =
        "!has(self.startingDeadline) || self.startingDeadline.matches('^[1-9][0-9]{0,3}(m|h|d)$')",
    fieldPath = ".startingDeadline",
    message =
        "backup.startingDeadline must be a whole number with the unit m, h or d, for example 6h")
@ValidationRule(
    value = "!has(self.maxAge) || self.maxAge.matches('^[1-9][0-9]{0,3}(m|h|d)$')",
    fieldPath = ".maxAge",
    message = "backup.maxAge must be a whole number with the unit m, h or d, for example 49h")
@ValidationRule(
    value = "!has(self.includeSecrets)",
    fieldPath = ".includeSecrets",
    message =
        "this version backs up no Secrets: remove backup.includeSecrets, and keep them where you keep your keys")
@ValidationRule(
    value =
        "!has(self.extraPaths) || self.extraPaths.all(p, p == '.' || (p.matches('^[A-Za-z0-9._@+ -]+(/[A-Za-z0-9._@+"
            + " -]+)*$') && !p.matches('(^|/)[.]{1,2}(/|$)')))",
    fieldPath = ".extraPaths",
    message =
        "backup.extraPaths takes paths below the SQLite volume such as encryption.key or uploads/images, without .., and"
            + " '.' for all of it")
@ValidationRule(
    value = BackupRules.FILES_OF_A_CLAIM,
    fieldPath = ".filesClaimName",
    message =
        "backup.filesClaimName is the claim that extraPaths are on, and not the one that sets are kept on: say"
            + " backup.extraPaths too, or name another claim")
@ValidationRule(
    value = "!has(self.timeout) || self.timeout.matches('^[1-9][0-9]{0,3}(m|h)$')",
    fieldPath = ".timeout",
    message = "backup.timeout must be a whole number with the unit m or h, for example 1h")
public record BackupSpec(
    @JsonPropertyDescription("Where sets are kept.") @Nullable Target target,
    @JsonPropertyDescription(
            "Files and folders of the SQLite volume that belong to a set, for example encryption.key; '.' for all of it."
                + " Databases are left out of them. After a move to PostgreSQL they are taken from the volume that stays.")
        @Size(max = 32)
        @Nullable List<@Size(min = 1, max = 200) String> extraPaths,
    @JsonPropertyDescription(
            "The PersistentVolumeClaim of this namespace that extraPaths are on, for an instance on PostgreSQL. Default: the"
                + " SQLite volume that it had before it was moved.")
        @Size(min = 1, max = 253)
        @Nullable String filesClaimName,
    @JsonPropertyDescription("Who can read a set. Without it sets are in clear.")
        @Nullable Encryption encryption,
    @JsonPropertyDescription(
            "How long a backup may take, from its Job's beginning; m or h. Default: 1h")
        @Default("1h")
        @Size(max = 8)
        @Nullable String timeout,
    @JsonPropertyDescription(
            "When a StorageBackup is made: the five fields of cron, or @hourly, @daily, @weekly or @monthly. One that was"
                + " missed is made once, as soon as it can be.")
        @Size(min = 1, max = 256)
        @Nullable String schedule,
    @JsonPropertyDescription(
            "Time zone of the schedule and of retention's days, weeks and months, for example Europe/Berlin. Default:"
                + " Etc/UTC")
        @Size(min = 1, max = 64)
        @Nullable String timeZone,
    @JsonPropertyDescription("While true the schedule makes no backups.") @Nullable Boolean suspend,
    @JsonPropertyDescription(
            "How long after its time a backup may begin, s, m or h; each instance has its own part of it, always the same."
                + " Default: a tenth of the time between two backups, 10m at most")
        @Size(max = 8)
        @Nullable String jitter,
    @JsonPropertyDescription(
            "How late a backup may begin, m, h or d; one that would be later is left out. Default: any time")
        @Size(max = 8)
        @Nullable String startingDeadline,
    @JsonPropertyDescription(
            "How old the newest good backup may be, m, h or d, before the condition BackupHealthy is False. Default: twice"
                + " the time between two backups, and an hour")
        @Size(max = 8)
        @Nullable String maxAge,
    @JsonPropertyDescription(
            "Which sets are worth keeping. This version deletes none: status.backup.retention says which would go next.")
        @Nullable Retention retention,
    @JsonPropertyDescription(
            "Has the newest set restored for a try, where nobody uses it, compared, and damaged on purpose to see whether"
                + " that is noticed. {} for every week. Sets of SQLite; of PostgreSQL by hand.")
        @Nullable Drill drill,
    @JsonPropertyDescription("Not available in this version; refused.") @Size(max = 64)
        @Nullable List<SecretRef> includeSecrets) {

  /**
   * Which sets are worth keeping: one is, if any of the rules says so.
   *
   * @param keepLast so many of the newest
   * @param keepHourly the newest of so many hours
   * @param keepDaily the newest of so many days
   * @param keepWeekly the newest of so many weeks
   * @param keepMonthly the newest of so many months
   * @param minimum so many of the newest, however old
   * @param maxAge what is older goes though a rule would keep it
   */
  @ValidationRule(
      value = "!has(self.maxAge) || self.maxAge.matches('^[1-9][0-9]{0,3}(m|h|d)$')",
      fieldPath = ".maxAge",
      message =
          "backup.retention.maxAge must be a whole number with the unit m, h or d, for example 365d")
  public record Retention(
      @JsonPropertyDescription("So many of the newest sets. Default: 3") @Min(0) @Max(1000)
          @Nullable Integer keepLast,
      @JsonPropertyDescription("The newest of so many hours that have any. Default: 0")
          @Min(0)
          @Max(1000)
          @Nullable Integer keepHourly,
      @JsonPropertyDescription("The newest of so many days that have any. Default: 7")
          @Min(0)
          @Max(1000)
          @Nullable Integer keepDaily,
      @JsonPropertyDescription("The newest of so many weeks that have any. Default: 4")
          @Min(0)
          @Max(1000)
          @Nullable Integer keepWeekly,
      @JsonPropertyDescription("The newest of so many months that have any. Default: 6")
          @Min(0)
          @Max(1000)
          @Nullable Integer keepMonthly,
      @JsonPropertyDescription("So many of the newest sets stay, however old. Default: 2")
          @Min(1)
          @Max(1000)
          @Nullable Integer minimum,
      @JsonPropertyDescription(
              "A set that is older goes though another rule would keep it, m, h or d. Default: none is too old")
          @Size(max = 8)
          @Nullable String maxAge) {}

  /**
   * When a set is restored for a try.
   *
   * @param schedule when a drill is due
   * @param suspend while true none is due but those that a person asks for
   * @param sizeLimit how much room it has
   * @param identitySecretRef what opens an encrypted set
   */
  @ValidationRule(
      value = BackupRules.SCHEDULE,
      fieldPath = ".schedule",
      message =
          "backup.drill.schedule takes the five fields of cron, without seconds, such as 30 3 * * 0 for Sundays at half"
              + " past three; or @hourly, @daily, @weekly, @monthly")
  @ValidationRule(
      value =
          "!has(self.sizeLimit) || (self.sizeLimit.matches('^[0-9.]+(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$') &&"
              + " isQuantity(self.sizeLimit) && quantity(self.sizeLimit).compareTo(quantity('1Mi')) >= 0)",
      fieldPath = ".sizeLimit",
      message = "backup.drill.sizeLimit must be a quantity of at least 1Mi, for example 2Gi")
  public record Drill(
      @JsonPropertyDescription(
              "When a drill is due: the five fields of cron in backup.timeZone, or @hourly, @daily, @weekly or @monthly."
                  + " Default: @weekly")
          @Size(min = 1, max = 256)
          @Nullable String schedule,
      @JsonPropertyDescription(
              "While true none is due but those that the annotation wharfinger.dev/drill asks for.")
          @Nullable Boolean suspend,
      @JsonPropertyDescription(
              "Room on the node for what is restored and for a copy of the set, for example 2Gi. Default: what the set says"
                  + " that both take, twice, and at least 1Gi")
          @Size(max = 20)
          @Nullable String sizeLimit,
      @JsonPropertyDescription(
              "The private key of age that opens encrypted sets. Nothing but the drill's Job sees it.")
          @Nullable IdentityRef identitySecretRef) {}

  /**
   * A private key in a Secret of the same namespace.
   *
   * @param name the Secret
   * @param key its key; default {@code identity}
   */
  @ValidationRule(
      value = "!has(self.key) || self.key.matches('" + ExternalSpec.KEY + "')",
      fieldPath = ".key",
      message =
          "backup.drill.identitySecretRef.key must be a key of the Secret: letters, digits, '-', '_' or '.'")
  public record IdentityRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("Key of the Secret; identity when absent.") @Size(max = 253)
          @Nullable String key) {}

  /**
   * A Secret.
   *
   * @param name its name
   */
  public record SecretRef(@Size(max = 253) @Nullable String name) {}

  /**
   * Where sets are kept.
   *
   * @param persistentVolumeClaim on a volume of the same namespace
   * @param s3 in a bucket
   */
  @ValidationRule(
      value = "has(self.persistentVolumeClaim) || has(self.s3)",
      message =
          "backup.target says where sets are kept: add persistentVolumeClaim, for example {size: 10Gi}, or s3")
  @ValidationRule(
      value = "!(has(self.persistentVolumeClaim) && has(self.s3))",
      fieldPath = ".s3",
      message = "sets are kept in one place: remove backup.target.persistentVolumeClaim, or s3")
  public record Target(
      @JsonPropertyDescription("A volume of this namespace.") @Nullable Claim persistentVolumeClaim,
      @JsonPropertyDescription("A bucket of a store that speaks S3.") @Nullable S3TargetSpec s3) {}

  /**
   * A claim that the operator makes, or one that is there.
   *
   * @param size of the claim that the operator makes
   * @param storageClassName its class, or the cluster's default when absent
   * @param claimName a claim that is there
   */
  @ValidationRule(
      value = "has(self.size) != has(self.claimName)",
      message =
          "backup.target.persistentVolumeClaim takes size, for a claim that the operator makes, or claimName, for one that"
              + " is there: say one of them")
  @ValidationRule(
      value = "!(has(self.claimName) && has(self.storageClassName))",
      fieldPath = ".storageClassName",
      message = "storageClassName is for a claim that the operator makes: remove it, or claimName")
  @ValidationRule(
      value =
          "!has(self.size) || (self.size.matches('^[0-9.]+(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$') && isQuantity(self.size) &&"
              + " quantity(self.size).compareTo(quantity('1Mi')) >= 0)",
      fieldPath = ".size",
      message = "size must be a quantity of at least 1Mi, for example 10Gi")
  @ValidationRule(
      value = "!has(self.claimName) || self.claimName.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')",
      fieldPath = ".claimName",
      message = "claimName is the name of a PersistentVolumeClaim")
  public record Claim(
      @JsonPropertyDescription(
              "Size of the claim <name>-backups, which the operator makes and never deletes, for example 10Gi.")
          @Size(max = 20)
          @Nullable String size,
      @JsonPropertyDescription("StorageClass of that claim; the cluster's default when absent.")
          @Size(min = 1, max = 253)
          @Nullable String storageClassName,
      @JsonPropertyDescription("A PersistentVolumeClaim that is there, in this namespace.")
          @Size(min = 1, max = 253)
          @Nullable String claimName) {}

  /**
   * Who can read a set.
   *
   * @param recipients public keys of age; any one of their private keys opens the set
   */
  @ValidationRule(
      value = "self.recipients.all(r, r.matches('^age1[02-9ac-hj-np-z]{58}$'))",
      fieldPath = ".recipients",
      message =
          "backup.encryption.recipients takes public keys of age, as age-keygen prints them: age1 and 58 letters and digits")
  public record Encryption(
      @JsonPropertyDescription(
              "Public keys of age (age1…). Any one of their private keys opens the set; keep those outside of the"
                  + " cluster.")
          @Required
          @Size(min = 1, max = 16)
          List<@Size(max = 100) String> recipients) {}
}
