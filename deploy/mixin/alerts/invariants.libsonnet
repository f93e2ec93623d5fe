// The two statements that hold at any time: every target is counted as often as it should be, and
// all nodes of a service agree who scrapes what.
//
// Nodes are scraped at different moments, so a sum over them is of no one moment. Sums are therefore
// compared by their extremes over a window: wrong is what cannot be right whatever happened between
// two scrapes, and where nothing changes that is what is not equal.
{
  local config = $._config,
  local q = (import '../queries.libsonnet')(config),
  local alert(name, expr, duration, severity, summary, text) =
    (import 'alert.libsonnet')(config, name, expr, duration, severity, summary, text),
  local over(fn, name) =
    q.withService('%s_over_time(%s[%s])' % [fn, q.series(name), config.invariantWindow], 'algorithm!="none"'),
  local sum(fn) = 'sum by %s (%s)' % [q.byGroup, over(fn, 'promster_targets_counted')],
  local expected(fn) = '%s by %s (%s) * %s by %s (%s)' % [
    fn,
    q.byGroup,
    over(fn, 'promster_targets_discovered'),
    fn,
    q.byGroup,
    over(fn, 'promster_shard_replicas'),
  ],
  // Where a node is not scraped, its share is missing in the sum.
  local allSeen = 'count by %s (%s) >= on %s max by %s (%s)' % [
    q.byGroup,
    q.series('promster_info'),
    q.byGroup,
    q.byGroup,
    q.withService('sum by %s (%s)' % [q.byNode, q.series('promster_members')]),
  ],
  local checksum = q.ofService('promster_assignment_checksum', 'algorithm=~"bounded|legacy"'),
  local changes = q.withService('changes(%s[%s])' % [q.series('promster_assignment_checksum'), config.invariantWindow],
                                'algorithm=~"bounded|legacy"'),

  prometheusAlerts+:: {
    groups+: [{
      name: 'promster.invariants',
      rules: [
        alert(
          'PromsterTargetsMiscounted',
          |||
            (
              (%s < %s)
              and on %s (%s)
            )
            or
            (%s > %s)
          ||| % [sum('max'), expected('min'), q.byGroup, allSeen, sum('min'), expected('max')],
          '5m',
          'critical',
          'Targets of {{ $labels.%s }} are not counted as often as they should be.' % config.serviceLabel,
          'The nodes of {{ $labels.%s }} count {{ $value }} targets in sum, which is not the number of targets in etcd times the replicas: some are scraped by nobody, or counted twice.' % config.serviceLabel,
        ),
        // A node that was told of a change later than others agrees again before long, so at least
        // one must have stood still.
        alert(
          'PromsterAssignmentsDiffer',
          |||
            (count by %s (count_values by %s ("checksum", %s)) > 1)
            and on %s (min by %s (%s) == 0)
          ||| % [q.byGroup, q.byGroup, checksum, q.byGroup, q.byGroup, changes],
          '5m',
          'critical',
          'The nodes of {{ $labels.%s }} do not agree who scrapes what.' % config.serviceLabel,
          'There are {{ $value }} different assignments in {{ $labels.%s }}: targets are scraped twice or by nobody.' % config.serviceLabel,
        ),
      ],
    }],
  },
}
