// One series a service of what its nodes say: what the dashboards draw and alerts compare.
{
  local config = $._config,
  local q = (import '../queries.libsonnet')(config),
  local rule(record, expr) = { record: record, expr: expr },

  prometheusRules+:: {
    groups+: [{
      name: 'promster.service.rules',
      rules: [
        rule('service:promster_nodes:count', 'count by %s (%s)' % [q.byGroup, q.series('promster_info')]),
        rule('service:promster_ready:sum', q.perService('sum', 'promster_ready')),
        rule('service:promster_members:max',
             'max by %s (%s)' % [q.byGroup, q.withService('sum by %s (%s)' % [q.byNode, q.series('promster_members')])]),
        rule('service:promster_members_kept:max', q.perService('max', 'promster_members_kept')),
        rule('service:promster_targets_discovered:max', q.perService('max', 'promster_targets_discovered')),
        rule('service:promster_targets_assigned:sum', q.perService('sum', 'promster_targets_assigned')),
        rule('service:promster_targets_counted:sum', q.perService('sum', 'promster_targets_counted')),
        rule('service:promster_targets_handing_over:sum', q.perService('sum', 'promster_targets_handing_over')),
        rule('service:promster_targets_held:sum', q.perService('sum', 'promster_targets_held')),
        rule('service:promster_targets_rejected:max',
             'max by %s (%s)' % [q.byGroup, q.withService('sum by %s (%s)' % [q.byNode, q.series('promster_targets_rejected')])]),
        rule('service:promster_shard_replicas:max', q.perService('max', 'promster_shard_replicas')),
        rule('service:promster_shard_imbalance_ratio:max', q.perService('max', 'promster_shard_imbalance_ratio')),
        rule('service:promster_assignment_checksums:count',
             'count by %s (count_values by %s ("checksum", %s))'
             % [q.byGroup, q.byGroup, q.ofService('promster_assignment_checksum', 'algorithm=~"bounded|legacy"')]),
        rule('service_direction:promster_target_moves:rate5m',
             'sum by (%s, direction) (%s)'
             % [std.join(', ', q.groupLabels), q.withService('rate(%s[5m])' % q.series('promster_target_moves_total'))]),
        rule('service_le:promster_change_to_applied_seconds_bucket:rate5m',
             'sum by (%s, le) (%s)'
             % [std.join(', ', q.groupLabels), q.withService('rate(%s[5m])' % q.series('promster_change_to_applied_seconds_bucket'))]),
      ],
    }],
  },
}
