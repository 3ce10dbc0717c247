package tidemark.serve;

import java.util.List;

/** Where the server's certificate comes from, and comes anew when it was renewed. */
public interface CertificateSource {
  /** Whatever stands there now, checked; else a failure that names the file and what to do. */
  Credential read();

  /** Other than before once there is something else to read; cheap. */
  String stamp();

  /** What works for now and should not stay so, each a sentence with what to do. */
  List<String> warnings(Credential credential);

  /** Whoever lends it knows the names it is called by, and refuses others. */
  boolean namesAreKnown();
}
