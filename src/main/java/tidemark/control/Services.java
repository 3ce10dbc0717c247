package tidemark.control;

import java.time.Clock;

/** What stands behind the endpoint. */
public record Services(
    Endpoint endpoint, Questions questions, ConfigDesk config, Events events, Clock clock) {}
