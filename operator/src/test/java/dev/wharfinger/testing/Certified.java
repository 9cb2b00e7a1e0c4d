package dev.wharfinger.testing;

import dev.wharfinger.operator.tls.ServerCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A real PostgreSQL with a certificate. */
public final class Certified {
  private Certified() {}

  /** Runs a server that was killed with that certificate; gives the URL of a new database on it. */
  public static String show(PostgresServer server, ServerCertificate certificate) throws Exception {
    Path certificates = server.directory().resolve("tls.crt");
    Path key = server.directory().resolve("tls.key");
    Files.writeString(certificates, certificate.certificates());
    Files.deleteIfExists(key);
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, certificate.keyText());
    Programs.giveToPostgres(key);
    server.run("ssl=on", "ssl_cert_file=" + certificates, "ssl_key_file=" + key);
    return "postgresql://127.0.0.1:" + server.port() + "/" + server.newDatabase();
  }
}
