package tidemark.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Json;

/** The description of the endpoint says what the endpoint does, and all of it. */
class OpenApiTest {
  @TempDir Path state;

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  @Test
  void every_route_and_parameter_is_described_and_no_other() throws Exception {
    Events events = new Events();
    Sessions sessions = new Sessions(state, java.time.Clock.systemUTC());
    Routes routes =
        new Routes(new TestEndpoint().behind(events), new Guard(1, "t", sessions), sessions, "");
    Map<String, Set<String>> served = new TreeMap<>();
    for (Route route : routes.all()) {
      served.put(route.method() + " " + route.path(), new TreeSet<>(route.parameters()));
    }

    Map<String, Set<String>> described = new TreeMap<>();
    map(Json.object(OpenApi.text()).get("paths"))
        .forEach(
            (path, methods) ->
                map(methods)
                    .forEach(
                        (method, operation) -> {
                          Set<String> parameters = new TreeSet<>();
                          for (Object each : (List<?>) map(operation).get("parameters")) {
                            parameters.add(map(each).get("name").toString());
                          }
                          described.put(
                              method.toString().toUpperCase(Locale.ROOT) + " " + path, parameters);
                        }));

    assertThat(described).isEqualTo(served);
  }

  @Test
  void whatever_it_refers_to_is_there() throws Exception {
    String text = OpenApi.text();
    Map<?, ?> schemas = map(map(Json.object(text).get("components")).get("schemas"));
    Set<String> used = new TreeSet<>();
    Pattern.compile("#/components/schemas/(\\w+)")
        .matcher(text)
        .results()
        .forEach(found -> used.add(found.group(1)));
    assertThat(new TreeSet<>(schemas.keySet().stream().map(String::valueOf).toList()))
        .isEqualTo(used);
  }
}
