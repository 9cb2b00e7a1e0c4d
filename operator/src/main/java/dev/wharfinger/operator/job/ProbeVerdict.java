package dev.wharfinger.operator.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * What a probe found, from the last words of its pod.
 *
 * @param reason a condition's reason
 * @param message what it is about and the next command to run; no secrets
 */
public record ProbeVerdict(String reason, String message) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST = 1024;

  /**
   * Reads {@code {"code": "…", "message": "…"}}.
   *
   * @return null where the words are something else
   */
  public static @Nullable ProbeVerdict parse(@Nullable String words) {
    if (words == null) {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(words);
      String code = json.path("code").asText();
      String message = json.path("message").asText();
      return code.isEmpty()
          ? null
          : new ProbeVerdict(
              reason(code), message.substring(0, Math.min(message.length(), LONGEST)));
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static String reason(String code) {
    return switch (code) {
      case "host-not-found" -> "HostNotFound";
      case "connection-refused" -> "ConnectionRefused";
      case "connection-timeout" -> "ConnectionTimeout";
      case "connection-failed" -> "ConnectionFailed";
      case "not-postgresql" -> "NotPostgreSQL";
      case "tls-refused" -> "TlsRefused";
      case "tls-unknown-authority" -> "TlsUnknownAuthority";
      case "tls-wrong-host" -> "TlsWrongHost";
      case "tls-expired" -> "TlsExpired";
      case "tls-client-refused" -> "ClientCertificateRefused";
      case "client-certificate-unusable" -> "ClientCertificateUnusable";
      case "tls-failed" -> "TlsFailed";
      case "server-starting" -> "DatabaseStarting";
      case "too-many-connections" -> "TooManyConnections";
      case "not-in-pg-hba" -> "NotInPgHba";
      case "authentication-failed" -> "AuthenticationFailed";
      case "role-refused" -> "RoleRefused";
      case "database-missing" -> "DatabaseMissing";
      case "permission-denied" -> "PermissionDenied";
      case "read-only-server" -> "ReadOnlyServer";
      case "server-too-old" -> "ServerTooOld";
      case "admin-refused" -> "AdminRefused";
      default -> "ProbeFailed";
    };
  }
}
