package dev.wharfinger.testing;

import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.ServerCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL with a certificate. */
public final class Certified {
  private Certified() {}

  /** Runs a server that was killed with that certificate; gives the URL of a new database on it. */
  public static String show(PostgresServer server, ServerCertificate certificate) throws Exception {
    return show(server, certificate, List.of());
  }

  /** The same, and the server knows clients by certificates of {@code clients}. */
  public static String show(
      PostgresServer server, ServerCertificate certificate, Authorities clients) throws Exception {
    Path trusted = Files.writeString(server.directory().resolve("clients.crt"), clients.bundle());
    return show(server, certificate, List.of("ssl_ca_file=" + trusted));
  }

  private static String show(
      PostgresServer server, ServerCertificate certificate, List<String> more) throws Exception {
    Path certificates = server.directory().resolve("tls.crt");
    Path key = server.directory().resolve("tls.key");
    Files.writeString(certificates, certificate.certificates());
    Files.deleteIfExists(key);
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, certificate.keyText());
    Programs.giveToPostgres(key);
    List<String> settings =
        new ArrayList<>(List.of("ssl=on", "ssl_cert_file=" + certificates, "ssl_key_file=" + key));
    settings.addAll(more);
    server.run(settings.toArray(String[]::new));
    return "postgresql://127.0.0.1:" + server.port() + "/" + server.newDatabase();
  }
}
