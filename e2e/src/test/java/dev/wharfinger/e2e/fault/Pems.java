package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.Secret;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Certificates and keys in words that are the same in every run: each is called by the order in
 * which it was first seen, and by who signed it.
 */
final class Pems {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----.*?-----END \\1-----\n?", Pattern.DOTALL);

  private final Map<String, String> words = new LinkedHashMap<>();
  private final Map<X509Certificate, String> authorities = new LinkedHashMap<>();
  private int keys;
  private int served;

  Pems(History history) {
    for (History.Entry entry : history.entries()) {
      if (entry.event() instanceof History.Seen(var kind, Secret secret)) {
        // The authority's own comes first in each Secret: ca.crt.
        new TreeMap<>(References.decoded(secret)).values().forEach(this::note);
      }
    }
  }

  private void note(String text) {
    BLOCK
        .matcher(text)
        .results()
        .forEach(block -> {
          if (!words.containsKey(block.group())) {
            words.put(
                block.group(),
                block.group(1).equals("CERTIFICATE")
                    ? certificate(block.group())
                    : "<key " + ++keys + ">");
          }
        });
  }

  private String certificate(String pem) {
    try {
      X509Certificate certificate = Tls.certificates(pem).iterator().next();
      if (Tls.signed(certificate, certificate)) {
        authorities.put(certificate, "authority " + (authorities.size() + 1));
        return "<" + authorities.get(certificate) + ">";
      }
      String signer =
          authorities.entrySet().stream()
              .filter(a -> Tls.signed(a.getKey(), certificate))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse("nobody");
      return "<certificate %d of %s>".formatted(++served, signer);
    } catch (GeneralSecurityException e) {
      return "<spoiled certificate>";
    }
  }

  /** A text with words for what is in it. */
  String say(String text) {
    String said = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      said = said.replace(word.getKey(), word.getValue());
    }
    return said;
  }
}
