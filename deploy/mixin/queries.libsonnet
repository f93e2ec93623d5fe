// Parts of queries that alerts, rules and dashboards share.
function(config) {
  local q = self,
  local join(labels) = std.join(', ', labels),

  selector: config.selector,
  groupLabels: config.groupLabels + [config.serviceLabel],
  nodeLabels: config.groupLabels + [config.instanceLabel],
  byGroup: '(%s)' % join(q.groupLabels),
  byNode: '(%s)' % join(q.nodeLabels),

  // A series of the nodes, narrowed by `more`.
  series(name, more=''):: '%s{%s}' % [name, join([config.selector] + (if more == '' then [] else [more]))],

  // `expr`, of one series a node and more, with the service of the node; `info` narrows promster_info.
  withService(expr, info='')::
    '%s * on %s group_left (%s) %s'
    % [expr, q.byNode, config.serviceLabel, q.series('promster_info', info)],

  // The same of a plain series.
  ofService(name, info=''):: q.withService(q.series(name), info),

  // Aggregated to one value a service.
  perService(op, name, info=''):: '%s by %s (%s)' % [op, q.byGroup, q.ofService(name, info)],
}
