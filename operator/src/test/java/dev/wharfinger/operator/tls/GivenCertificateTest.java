package dev.wharfinger.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wharfinger.operator.model.StalledException;
import java.io.StringWriter;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;

/** A server never gets a certificate that no client would take. */
class GivenCertificateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String HOST = "db-postgresql.shop.svc";
  private static final Authority AUTHORITY = Authority.make(NOW.minus(Duration.ofDays(200)));

  private static Map<String, String> secret(Authority by, List<String> names, Instant at) {
    return new HashMap<>(
        Served.data(by.issue(names, at), new Authorities(AUTHORITY, null).bundle()));
  }

  private static Map<String, String> good() {
    return secret(AUTHORITY, List.of(HOST), NOW);
  }

  private static String reason(Map<String, String> data) {
    StalledException problem =
        Objects.requireNonNull(
            catchThrowableOfType(
                StalledException.class,
                () -> GivenCertificate.of("db-tls", data, null, HOST, true, NOW)));
    assertThat(problem.explanation()).contains("db-tls").doesNotContain("PRIVATE");
    assertThat(GivenCertificate.REASONS).contains(problem.reason());
    return problem.reason();
  }

  @Test
  void whatIsGoodIsTakenAsItIs() {
    Map<String, String> data = good();
    assertThat(GivenCertificate.of("db-tls", data, null, HOST, true, NOW)).isEqualTo(data);
    // A star is what many authorities sign.
    Map<String, String> star = secret(AUTHORITY, List.of("*.shop.svc"), NOW);
    assertThat(GivenCertificate.of("db-tls", star, null, HOST, true, NOW)).isEqualTo(star);
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(reason(Map.of())).isEqualTo("CertificateMissing");
    for (String key : List.of("tls.crt", "tls.key")) {
      Map<String, String> data = good();
      data.put(key, "");
      assertThat(reason(data)).isEqualTo("CertificateMissing");
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsNotTaken() {
    Map<String, String> data = good();
    data.put("tls.key", Objects.requireNonNull(good().get("tls.key")));
    assertThat(reason(data)).isEqualTo("CertificateInvalid");
    data.put("tls.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertThat(reason(data)).isEqualTo("CertificateInvalid");
    data.put("tls.key", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n");
    assertThat(reason(data)).isEqualTo("CertificateInvalid");
    data.put("tls.key", "nonsense");
    assertThat(reason(data)).isEqualTo("CertificateInvalid");
  }

  @Test
  void anExpiredOneIsNotTaken() {
    assertThat(reason(secret(AUTHORITY, List.of(HOST), NOW.minus(Duration.ofDays(91)))))
        .isEqualTo("CertificateExpired");
  }

  @Test
  void anotherHostsIsNotTaken() {
    assertThat(reason(secret(AUTHORITY, List.of("db.example.com", "*.svc"), NOW)))
        .isEqualTo("CertificateWrongHost");
  }

  @Test
  void oneThatNobodyCanVerifyIsNotTaken() {
    assertThat(reason(secret(Authority.make(NOW), List.of(HOST), NOW)))
        .isEqualTo("CertificateUnknownAuthority");
    Map<String, String> data = good();
    data.remove("ca.crt");
    assertThat(reason(data)).isEqualTo("CertificateWithoutAuthority");
    // Who does not verify needs none.
    assertThat(GivenCertificate.of("db-tls", data, null, HOST, false, NOW)).isEqualTo(data);
    // It may be said apart.
    assertThat(
            GivenCertificate.of(
                "db-tls", data, new Authorities(AUTHORITY, null).bundle(), HOST, true, NOW))
        .isEqualTo(good(data));
    data.put("ca.crt", "nonsense");
    assertThat(reason(data)).isEqualTo("CertificateInvalid");
  }

  private static Map<String, String> good(Map<String, String> data) {
    Map<String, String> all = new HashMap<>(data);
    all.put("ca.crt", new Authorities(AUTHORITY, null).bundle());
    return all;
  }

  /** As OpenSSL wrote them before PKCS #8, and cert-manager does by default. */
  @Test
  void keysOfOtherFormsAreRead() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    PrivateKey key = rsa.generateKeyPair().getPrivate();
    String text =
        pem(
            "RSA PRIVATE KEY",
            PrivateKeyInfo.getInstance(key.getEncoded()).parsePrivateKey().toASN1Primitive());
    assertThat(Pem.key(text)).isEqualTo(key);

    ECPrivateKey ec = (ECPrivateKey) Objects.requireNonNull(AUTHORITY.key());
    text =
        pem(
            "EC PRIVATE KEY",
            new org.bouncycastle.asn1.sec.ECPrivateKey(
                256, ec.getS(), SECObjectIdentifiers.secp256r1));
    assertThat(((ECPrivateKey) Pem.key(text)).getS()).isEqualTo(ec.getS());
  }

  private static String pem(String type, ASN1Object key) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(new PemObject(type, key.getEncoded()));
    }
    return text.toString();
  }
}
