package tidemark.control;

import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One thing that can be asked of the endpoint.
 *
 * @param parameters what may stand behind the question mark
 */
record Route(String method, String path, List<String> parameters, Answering answering) {
  private static final int BODY = 64 << 10;
  private static final int LARGE_BODY = 8 << 20;

  /** Answers what was asked. */
  interface Answering {
    Reply reply(HttpCall call) throws IOException;
  }

  /** Answers with JSON. */
  static Route get(String path, List<String> parameters, Function<Parameters, String> question) {
    return new Route(
        "GET",
        path,
        parameters,
        call -> Reply.json(question.apply(new Parameters(call.parameters()))));
  }

  /** Takes a body and answers with JSON. */
  static Route sending(String method, String path, Function<String, String> work) {
    return new Route(method, path, List.of(), call -> Reply.json(work.apply(call.body(BODY))));
  }

  /** The same with something behind the question mark. */
  static Route sending(
      String method,
      String path,
      List<String> parameters,
      BiFunction<Parameters, String, String> work) {
    return new Route(
        method,
        path,
        parameters,
        call -> Reply.json(work.apply(new Parameters(call.parameters()), call.body(BODY))));
  }

  /** The same for bodies with rows in them. */
  static Route sendingRows(String path, Function<String, String> work) {
    return new Route(
        "POST", path, List.of(), call -> Reply.json(work.apply(call.body(LARGE_BODY))));
  }
}
