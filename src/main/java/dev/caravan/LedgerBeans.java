package dev.caravan;

import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.ledger.Actions;
import dev.caravan.ledger.AskedKeys;
import dev.caravan.ledger.Batches;
import dev.caravan.ledger.Candidates;
import dev.caravan.ledger.EmbeddedDatabase;
import dev.caravan.ledger.Home;
import dev.caravan.ledger.Jobs;
import dev.caravan.ledger.Leases;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.LedgerTables;
import dev.caravan.ledger.Mails;
import dev.caravan.ledger.Nodes;
import dev.caravan.ledger.Outcomes;
import dev.caravan.ledger.Reports;
import dev.caravan.ledger.Requests;
import dev.caravan.ledger.Runs;
import dev.caravan.ledger.Schemas;
import dev.caravan.ledger.Vendor;
import dev.caravan.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/**
 * The ledger and its tables for one process: all that a command needs that only reads or decides,
 * and the ground under {@link Wiring}.
 */
public final class LedgerBeans implements AutoCloseable {
  private final HikariDataSource writer;
  private final String owner;
  public final Ledger ledger;
  public final LedgerTables tables;
  public final Runs runs;
  public final Batches batches;
  public final Requests requests;
  public final Outcomes outcomes;
  public final Candidates candidates;
  public final Jobs jobs;
  public final Schemas schemas;
  public final AskedKeys asked;
  public final Mails mails;
  public final Reports reports;
  public final Home home;
  public final Actions actions;
  public final Leases leases;
  public final Nodes nodes;

  public LedgerBeans(Settings settings) {
    EmbeddedDatabase.listenOnLoopback();
    Settings.Database target = settings.target();
    this.writer = Pools.writer(target);
    this.owner = owner();
    Vendor vendor = Vendor.of(target.url());
    this.ledger = new Ledger(writer, vendor, target.schema());
    this.tables = new LedgerTables(writer, vendor, target.schema());
    this.runs = new Runs(ledger, owner);
    this.batches = new Batches(ledger, owner);
    this.requests = new Requests(ledger);
    this.outcomes = new Outcomes(ledger);
    this.candidates = new Candidates(ledger);
    this.jobs = new Jobs(ledger);
    this.schemas = new Schemas(ledger);
    this.asked = new AskedKeys(ledger);
    this.mails = new Mails(ledger);
    this.reports = new Reports(ledger);
    this.home = new Home(ledger);
    this.actions = new Actions(ledger, System.getProperty("user.name", "unknown"));
    this.leases = new Leases(ledger, owner);
    this.nodes = new Nodes(ledger, owner);
  }

  HikariDataSource writer() {
    return writer;
  }

  /** Names this process in leases: host, pid, and something that no later process can have. */
  private static String owner() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    String name = host.length() <= 60 ? host : host.substring(0, 60);
    return name + ":" + ProcessHandle.current().pid() + ":" + UUID.randomUUID();
  }

  @Override
  public void close() {
    writer.close();
  }
}
