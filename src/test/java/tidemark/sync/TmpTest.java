package tidemark.sync;
import org.junit.jupiter.api.Test;
import tidemark.testing.Workstation;
import java.util.List;
class TmpTest extends FleetTest {
  @Test void x() {
    everybodyHas(
          "CREATE TABLE p(id TEXT PRIMARY KEY, a TEXT)",
          "CREATE TABLE c(id TEXT PRIMARY KEY, p TEXT REFERENCES p(id) ON DELETE CASCADE ON UPDATE CASCADE)",
          "INSERT INTO p(id,a) VALUES('X','0')",
          "INSERT INTO c(id,p) VALUES('c0','X')");
    anna.edit("UPDATE p SET id='Y'", "INSERT INTO c(id,p) VALUES('c2','Y')");
    ben.edit("UPDATE p SET a='ben'", "INSERT INTO c(id,p) VALUES('c1','X')");
    System.out.println(anna.db().rows("SELECT * FROM sync_rows_p"));
    anna.syncWell();
    for (int i=0;i<3;i++) { ben.syncWell(); anna.syncWell(); cara.syncWell(); 
    for (Workstation w : List.of(anna,ben,cara)) { System.out.println(w.name()+w.db().rows("SELECT id,a FROM p")+w.db().rows("SELECT id,p FROM c")+ w.db().rows("SELECT * FROM sync_rows_p")+w.conflicts()); } }
    try (var f = java.nio.file.Files.walk(fleet.share())) { f.filter(p->p.toString().endsWith(".gz")&&p.toString().contains("entries")).sorted().forEach(p->{ try(var in=new java.util.zip.GZIPInputStream(java.nio.file.Files.newInputStream(p))){System.out.println(p.getFileName()+"\n"+new String(in.readAllBytes()));}catch(Exception e){throw new RuntimeException(e);} }); } catch (java.io.IOException e) {throw new RuntimeException(e);}
  }
}
