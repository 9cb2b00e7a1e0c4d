package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when a moment has come, once for each key. Nothing is decided here and nothing is kept: who
 * is woken computes anew whether something is due, so a moment that is lost, early or told twice
 * does no harm, and after a restart every instance asks again. Threads are daemons, and the signal
 * must not block.
 */
public final class Wakeups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wakeups.class);
  private static final String JOB = "wake";

  private final Scheduler scheduler;

  private Wakeups(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Begins to wait; to be called where this operator begins to lead.
   *
   * @param signal gets the key whose moment has come
   */
  public static Wakeups start(Consumer<String> signal) {
    Properties settings = new Properties();
    // Schedulers of one process are told apart by their names.
    settings.setProperty(
        StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, "wakeups-" + UUID.randomUUID());
    settings.setProperty(StdSchedulerFactory.PROP_SCHED_MAKE_SCHEDULER_THREAD_DAEMON, "true");
    settings.setProperty(StdSchedulerFactory.PROP_JOB_STORE_CLASS, RAMJobStore.class.getName());
    settings.setProperty(
        StdSchedulerFactory.PROP_THREAD_POOL_CLASS, SimpleThreadPool.class.getName());
    settings.setProperty("org.quartz.threadPool.threadCount", "1");
    settings.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    try {
      Scheduler scheduler = new StdSchedulerFactory(settings).getScheduler();
      scheduler.setJobFactory((bundle, s) -> context -> wake(context, signal));
      scheduler.addJob(job(), true);
      scheduler.start();
      return new Wakeups(scheduler);
    } catch (SchedulerException e) {
      throw new IllegalStateException("nobody can be woken", e);
    }
  }

  private static JobDetail job() {
    return JobBuilder.newJob(org.quartz.Job.class).withIdentity(JOB).storeDurably().build();
  }

  private static void wake(JobExecutionContext context, Consumer<String> signal) {
    signal.accept(context.getTrigger().getKey().getName());
  }

  /**
   * Wakes a key at a moment, and not at the one that was said before; at once if it is over.
   *
   * @param key for example the uid of a resource
   */
  public synchronized void at(String key, Instant moment) {
    try {
      Date date = Date.from(moment);
      TriggerKey name = TriggerKey.triggerKey(key);
      Trigger kept = scheduler.getTrigger(name);
      if (kept != null && kept.getStartTime().getTime() == date.getTime()) {
        return;
      }
      Trigger trigger =
          TriggerBuilder.newTrigger()
              .withIdentity(name)
              .forJob(JOB)
              .startAt(date)
              .withSchedule(
                  SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
              .build();
      // It may have come in this moment; then there is nothing to replace.
      if (kept == null || scheduler.rescheduleJob(name, trigger) == null) {
        scheduler.scheduleJob(trigger);
      }
    } catch (SchedulerException e) {
      LOG.debug("{} is not woken: {}", key, e.getMessage());
    }
  }

  /** Wakes a key no more. */
  public synchronized void forget(String key) {
    try {
      scheduler.unscheduleJob(TriggerKey.triggerKey(key));
    } catch (SchedulerException e) {
      LOG.debug("{} cannot be forgotten: {}", key, e.getMessage());
    }
  }

  /** When a key will be woken; empty if it will not. */
  synchronized Optional<Instant> next(String key) {
    try {
      return Optional.ofNullable(scheduler.getTrigger(TriggerKey.triggerKey(key)))
          .map(trigger -> trigger.getStartTime().toInstant());
    } catch (SchedulerException e) {
      return Optional.empty();
    }
  }

  /** Ends it, without waiting for a signal that is being given; later calls do nothing. */
  @Override
  public void close() {
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      LOG.warn("the threads that wake the operator did not end", e);
    }
  }
}
