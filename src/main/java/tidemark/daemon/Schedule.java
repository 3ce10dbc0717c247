package tidemark.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * When what happens by time happens; the only class that knows Quartz.
 *
 * <p>Guarantee: a job never overlaps itself; a time that passed while the machine slept comes once,
 * at once; a job that fails comes again at its next time; after its end nothing is planned any
 * more, which a run that comes to its own end meanwhile need not know. Threading: jobs run on
 * threads of the schedule's; the methods may be called from anywhere.
 */
final class Schedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

  /**
   * The longest jobs, which are runs, looks and chores, and one that reads the config meanwhile.
   */
  private static final int THREADS = 4;

  /** Whatever a machine is busy with, in some minutes of being asked one job begins. */
  private static final int ENOUGH_ASKED = 300;

  private static final String SCHEDULE = "schedule";

  private final Scheduler quartz;
  private final Map<String, Runnable> jobs = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private final Map<String, String> broken = new ConcurrentHashMap<>();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private long begunWhenAsked;
  private int askedInVain;

  /**
   * @param name of its threads
   */
  Schedule(String name) {
    Properties settings = new Properties();
    settings.setProperty("org.quartz.scheduler.instanceName", name + "-" + System.nanoTime());
    settings.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    settings.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    settings.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    settings.setProperty("org.quartz.threadPool.threadCount", Integer.toString(THREADS));
    settings.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    settings.setProperty("org.quartz.threadPool.threadNamePrefix", name);
    settings.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    try {
      quartz = new StdSchedulerFactory(settings).getScheduler();
      quartz.getContext().put(SCHEDULE, this);
    } catch (SchedulerException e) {
      throw broken(e);
    }
  }

  /** What is to be done under this name. */
  void job(String name, Runnable work) {
    jobs.put(name, work);
    JobDetail job = JobBuilder.newJob(Errand.class).withIdentity(name).storeDurably().build();
    attempt(() -> quartz.addJob(job, true));
  }

  /** Once, at that time or at once if it has passed; what was planned for it before is not. */
  void at(String name, Instant when) {
    plan(
        name, when, SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow());
  }

  /** From then on again and again; times that were missed come once. */
  void every(String name, Duration pause, Instant first) {
    plan(
        name,
        first,
        SimpleScheduleBuilder.simpleSchedule()
            .withIntervalInMilliseconds(pause.toMillis())
            .repeatForever()
            .withMisfireHandlingInstructionNowWithExistingCount());
  }

  private void plan(String name, Instant when, SimpleScheduleBuilder how) {
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .withIdentity(name)
            .forJob(name)
            .startAt(Date.from(when))
            .withSchedule(how)
            .build();
    attempt(
        () -> {
          if (quartz.rescheduleJob(trigger.getKey(), trigger) == null) {
            quartz.scheduleJob(trigger);
          }
        });
  }

  /** Not by itself any more. */
  void never(String name) {
    attempt(() -> quartz.unscheduleJob(TriggerKey.triggerKey(name)));
  }

  /** When it is due next. */
  Optional<Instant> next(String name) {
    try {
      Trigger trigger = quartz.getTrigger(TriggerKey.triggerKey(name));
      return Optional.ofNullable(trigger).map(Trigger::getNextFireTime).map(Date::toInstant);
    } catch (SchedulerException e) {
      if (closed) {
        return Optional.empty();
      }
      throw broken(e);
    }
  }

  /** Now, on a thread of the schedule's. */
  void now(String name) {
    attempt(() -> quartz.triggerJob(JobKey.jobKey(name)));
  }

  void start() {
    attempt(quartz::start);
  }

  /**
   * What broke a job that has not come to its end since: out of memory, or a bug. Empty where none
   * is broken.
   */
  Optional<String> trouble() {
    return broken.entrySet().stream()
        .findFirst()
        .map(job -> job.getKey() + " broke off: " + job.getValue());
  }

  /**
   * Whether whoever begins jobs is dead, for one that is asked every few seconds and has a job that
   * is due as often: nothing began between so many askings, and nothing is under way.
   */
  boolean isDead() {
    long now = begun.get();
    askedInVain = now == begunWhenAsked && !isAtWork() ? askedInVain + 1 : 0;
    begunWhenAsked = now;
    return askedInVain >= ENOUGH_ASKED;
  }

  boolean isAtWork() {
    return underWay.get() > 0;
  }

  private void carryOut(String name) {
    begun.incrementAndGet();
    underWay.incrementAndGet();
    try {
      attempt(name, jobs.get(name));
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void attempt(String name, @Nullable Runnable work) {
    try {
      if (work != null) {
        work.run();
      }
      broken.remove(name);
    } catch (Failure e) {
      broken.remove(name);
      LOG.error("{}: {}", name, e.told());
      LOG.debug("which came about here", e);
    } catch (Throwable e) { // else Quartz would tell of it, in its own words
      broken.put(name, e.toString());
      LOG.error("A bug in Tidemark, in the job {}", name, e);
    }
  }

  /** Begins nothing more; what is being done is not waited for. */
  @Override
  public void close() {
    closed = true;
    attempt(() -> quartz.shutdown(false));
  }

  private interface Call {
    void run() throws SchedulerException;
  }

  private void attempt(Call call) {
    try {
      call.run();
    } catch (SchedulerException e) {
      if (!closed) {
        throw broken(e);
      }
    }
  }

  private static IllegalStateException broken(SchedulerException e) {
    return new IllegalStateException("the schedule does not work: " + e.getMessage(), e);
  }

  /** Made by Quartz for each time that something is due. */
  @DisallowConcurrentExecution
  public static final class Errand implements Job {
    @Override
    public void execute(JobExecutionContext due) {
      try {
        if (due.getScheduler().getContext().get(SCHEDULE) instanceof Schedule schedule) {
          schedule.carryOut(due.getJobDetail().getKey().getName());
        }
      } catch (SchedulerException e) {
        throw broken(e);
      }
    }
  }
}
