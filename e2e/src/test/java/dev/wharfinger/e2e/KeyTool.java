package dev.wharfinger.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An authority that somebody else has, and what it signs: made by Java's own program. */
final class KeyTool {
  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "authority";
  private final Path store;

  KeyTool() throws Exception {
    store = Files.createTempDirectory(Shell.TOP.resolve("e2e/target"), "keys-").resolve("keys");
    make(AUTHORITY, "CN=somebody else", "-ext", "bc:c=ca:true", "-ext", "ku=keyCertSign");
  }

  /**
   * A certificate, its key, and the authority's: {@code tls.crt}, {@code tls.key}, {@code ca.crt}.
   */
  Map<String, String> issue(String name, String subject, String extension) throws Exception {
    make(name, subject, "-signer", AUTHORITY, "-ext", extension);
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    return Map.of(
        "ca.crt", pem("CERTIFICATE", keys.getCertificate(AUTHORITY).getEncoded()),
        "tls.crt", pem("CERTIFICATE", keys.getCertificate(name).getEncoded()),
        "tls.key",
            pem(
                "PRIVATE KEY",
                Objects.requireNonNull(keys.getKey(name, PASSWORD.toCharArray()).getEncoded())));
  }

  private void make(String name, String subject, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "30",
            "-alias",
            name,
            "-dname",
            subject,
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD));
    command.addAll(List.of(more));
    Shell.run(command.toArray(String[]::new));
  }

  private static String pem(String what, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
  }
}
