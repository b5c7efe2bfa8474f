package dev.caravan.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads the certificates of {@code http.ca-file}; none when it is not set. */
final class CaFile {
  private static final String NO_PEM =
      "that file has no certificate in PEM form (-----BEGIN CERTIFICATE-----)";

  private final Path home;
  private final RawSettings raw;

  CaFile(Path home, RawSettings raw) {
    this.home = home;
    this.raw = raw;
  }

  List<X509Certificate> read() {
    if (raw.text(Key.HTTP_CA_FILE).isEmpty()) {
      return List.of();
    }
    Path file = home.resolve(raw.<Path>read(Key.HTTP_CA_FILE, Path::of));
    try {
      InputStream in = new ByteArrayInputStream(Files.readAllBytes(file));
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        raw.refuse(Key.HTTP_CA_FILE, "but " + NO_PEM);
      }
      return certificates;
    } catch (NoSuchFileException e) {
      raw.refuse(Key.HTTP_CA_FILE, "but there is no such file");
    } catch (IOException e) {
      raw.refuse(Key.HTTP_CA_FILE, "but that file can't be read");
    } catch (CertificateException e) {
      raw.refuse(Key.HTTP_CA_FILE, "but " + NO_PEM);
    }
    return List.of();
  }
}
