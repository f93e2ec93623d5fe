// What is wrong with a service as a whole.
{
  local config = $._config,
  local q = (import '../queries.libsonnet')(config),
  local service = '{{ $labels.%s }}' % config.serviceLabel,
  local alert(name, expr, duration, severity, summary, text) =
    (import 'alert.libsonnet')(config, name, expr, duration, severity, summary, text),
  // Nodes without a registry have no service in common: what one of them lacks, others do not have.
  local registered = '%s!=""' % config.serviceLabel,
  local members = 'max by %s (%s)' % [
    q.byGroup,
    q.withService('sum by %s (%s)' % [q.byNode, q.series('promster_members')]),
  ],
  local activeMembers = 'max by %s (%s)' % [
    q.byGroup,
    q.withService('(%s > 0)' % q.series('promster_members', 'state="active"')),
  ],
  local mean = '%s * %s / %s' % [
    q.perService('max', 'promster_targets_discovered'),
    q.perService('max', 'promster_shard_replicas'),
    activeMembers,
  ],

  prometheusAlerts+:: {
    groups+: [{
      name: 'promster.cluster',
      rules: [
        alert(
          'PromsterNoReadyNode',
          '%s == 0' % q.perService('max', 'promster_ready', registered),
          '5m',
          'critical',
          'No node of %s is ready.' % service,
          'All nodes of %s that are scraped have been not ready for five minutes.' % service,
        ),
        alert(
          'PromsterMemberNotMonitored',
          '%s > on %s count by %s (%s)' % [members, q.byGroup, q.byGroup, q.series('promster_info')],
          '15m',
          'warning',
          'A node of %s is in the registry, but not scraped.' % service,
          'The registry has {{ $value }} nodes of %s, more than this Prometheus scrapes: what they count cannot be checked.' % service,
        ),
        alert(
          'PromsterNoTargets',
          '%s == 0' % q.perService('max', 'promster_targets_discovered', registered),
          '15m',
          'warning',
          '%s has no targets.' % service,
          'There is no usable target below the etcd prefix of %s.' % service,
        ),
        alert(
          'PromsterTargetsRejected',
          'max by (%s, reason) (%s) > 0'
          % [std.join(', ', q.groupLabels), q.ofService('promster_targets_rejected')],
          '15m',
          'warning',
          'Entries of etcd cannot be scraped by %s.' % service,
          '{{ $value }} entries of etcd are rejected by %s, for the reason {{ $labels.reason }}.' % service,
        ),
        alert(
          'PromsterShardImbalance',
          '(%s - %g) * on %s (%s) > 1'
          % [q.perService('max', 'promster_shard_imbalance_ratio'), 1 + config.shardSlack, q.byGroup, mean],
          '15m',
          'warning',
          'A node of %s has more than its share.' % service,
          'The most loaded node of %s has {{ $value | humanize }} targets more than the slack allows.' % service,
        ),
        alert(
          'PromsterMembershipFlapping',
          '%s > 2 * %s + 2' % [
            'max by %s (%s)' % [
              q.byGroup,
              q.withService('increase(%s[1h])' % q.series('promster_membership_changes_total', 'change="left"')),
            ],
            members,
          ],
          '5m',
          'warning',
          'Nodes of %s come and go.' % service,
          'Nodes of %s left the registry {{ $value | humanize }} times within an hour.' % service,
        ),
        alert(
          'PromsterVersionsDiffer',
          'count by %s (count by (%s, version) (%s)) > 1'
          % [q.byGroup, std.join(', ', q.groupLabels), q.ofService('promster_build_info')],
          '6h',
          'warning',
          'Nodes of %s run different versions.' % service,
          '{{ $value }} versions of promster have run in %s for six hours.' % service,
        ),
        alert(
          'PromsterLegacyRing',
          'count by %s (%s)' % [q.byGroup, q.series('promster_info', 'algorithm="legacy"')],
          '6h',
          'warning',
          '%s uses the ring of the original promster.' % service,
          '{{ $value }} nodes of %s have used the legacy ring for six hours: some member does not name the bounded algorithm.' % service,
        ),
      ],
    }],
  },
}
