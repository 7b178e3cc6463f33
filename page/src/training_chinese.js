// 关于如何训练网络的问题，中文。

/** @param {any} f @param {any} n @param {number} k */
const costInChinese = (f, n, k) => (f.diverged[k] ? "无限增长" : `最后为 ${n.short(f.train[k])}`);

/** @type {typeof import("./training_english.js").TRAINING_ENGLISH} */
export const TRAINING_CHINESE = {
  symmetry: {
    title: "如果所有权重开始时都相等，隐藏节点能学到什么？",
    options: ["与随机初始权重学到的一样多", "不比每层只有一个节点时多", "什么都学不到：权重不变"],
    found: (f, n) =>
      f.isOpen
        ? "从相等的权重出发，这里权重无限增长。"
        : (f.isStill
            ? "权重没有变化：这里每一步都是 0，或小得不起作用。"
            : f.right.includes(1)
              ? `训练之后，每个隐藏层的所有节点（${n.list(f.hidden)} 个）权重仍然相同：相同的节点得到相同的误差，所以每次更新后仍相同。这样一层只相当于一个节点。`
              : `节点变得不同了：${n.list(f.hidden)} 个中有 ${n.list(f.nodes)} 个不同。`) +
          `训练代价：从相等的权重出发${costInChinese(f, n, 0)}，参考配置${costInChinese(f, n, 1)}；测试准确率为 ${n.percent(f.accuracies[0])} 和 ${n.percent(f.accuracies[1])}。` +
          (f.isAlone
            ? "参考配置的每层没有两个节点，所以没有对称性要打破。"
            : f.diverged[1]
              ? ""
              : f.isWorse
                ? "随机的初始权重打破这种对称性，在这里是值得的。"
                : "随机的初始权重打破这种对称性，但这里的训练样本不需要这样。"),
  },
  batch: {
    title: "换一个批量大小，并用与之相配的学习率，会怎样？",
    options: ["最后的训练代价更低", "最后的训练代价差不多", "最后的训练代价更高", "发散"],
    found: (f, n) =>
      `每批 ${f.sizes[0]} 个样本、η = ${f.rates[0]} 时，一轮有 ${f.updates[0]} 次更新；每批 ${f.sizes[1]} 个、η = ${f.rates[1]} 时，有 ${f.updates[1]} 次。` +
      (f.isAdam
        ? "学习率不变，因为 Adam 的步长对各种批量都差不多。"
        : "学习率与批量成正比：一次更新用一批样本的平均梯度，所以代替同样多次单个样本的更新。") +
      `训练代价：前者${costInChinese(f, n, 0)}，后者${costInChinese(f, n, 1)}。` +
      (f.diverged.includes(true)
        ? "这里有一个学习率太大。"
        : f.isSame
          ? "两者相差不超过十分之一：一轮的更新不论多少，走得差不多远。"
          : f.isLarger
            ? "这里批量大的最后代价更低。"
            : f.isAdam
              ? "这里批量大的最后代价更高：步长相同而步数更少，走得不如多步远。"
              : "这里批量大的最后代价更高：少数几个大步不如许多小步走得远。"),
  },
  momentum: {
    title: "动量法，用通常较小的学习率：能走多远？",
    options: ["学习率更小，所以不如梯度下降远", "与梯度下降差不多远", "比梯度下降更远"],
    found: (f, n) =>
      `动量 μ = ${f.mu}、η = ${f.rates[0]} 时，训练代价${costInChinese(f, n, 0)}；梯度下降、η = ${f.rates[1]} 时，${costInChinese(f, n, 1)}。` +
      `u 把梯度累加起来：只要它们方向一致，u 就趋于一个梯度的 1/(1 − μ) = ${f.sum} 倍。所以学习率小到 ${f.sum} 分之一，应该走得差不多远。` +
      (f.isOpen
        ? "权重无限增长时，看不出这一点。"
        : f.isSame
          ? "这里正是这样：两个代价相差不超过十分之一。"
          : f.right.includes(2)
            ? "这里它走得更远。"
            : "这里没有那么远。"),
  },
  adam: {
    title: "Adam，用通常的学习率：与梯度下降相比，何时走完一半？",
    options: ["更早", "更晚", "差不多同时"],
    found: (f, n) =>
      (f.diverged.includes(true)
        ? "两者之一的权重无限增长。"
        : f.epochs
            .map(
              (/** @type {number | null} */ epoch, /** @type {number} */ k) =>
                `${["Adam", "梯度下降"][k]}、η = ${f.rates[k]} 时，训练代价` +
                (epoch === null
                  ? `在 ${f.last[k]} 轮内没有降到起点与两者最低值的中点`
                  : `到第 ${epoch} 轮降到起点与两者最低值的中点`),
            )
            .join("；") + "。") +
      `第一次更新使一个权重或阈值平均改变：Adam 为 ${n.short(f.steps[0])}，梯度下降为 ${n.short(f.steps[1])}：` +
      (f.isWhole
        ? "不论梯度大小，Adam 对每个权重的步长都约为 η。"
        : "Adam 对一个权重的步长约为 η，但这里许多梯度是 0，或比 ε 小。") +
      (f.isOpen
        ? ""
        : f.right.includes(2)
          ? "两个轮数相差不到 2 倍。"
          : f.steps[0] > f.steps[1] === f.right.includes(0)
            ? "在这里，第一步较长的走得较快。"
            : "在这里，第一步的长短不起决定作用：后面的步长会变。"),
  },
  decay: {
    title: "权重衰减对权重和测试样本有什么影响？",
    options: [
      "最后的权重更小，测试代价更低",
      "最后的权重更小，测试代价并不更低",
      "最后的权重并不更小",
    ],
    found: (f, n) =>
      f.isOpen
        ? "两者之一的权重无限增长。"
        : `权重衰减为 ${f.decays[0]} 时，最后权重的均方根为 ${n.short(f.sizes[0])}；为 ${f.decays[1]} 时，是 ${n.short(f.sizes[1])}。` +
          (f.isSmaller
            ? "衰减把每个权重的一部分加到它的梯度上，从而把权重拉向 0。"
            : "衰减把权重拉向 0，但在这里，它们最后并不离 0 更近。") +
          `训练代价：${n.short(f.train[0])} 和 ${n.short(f.train[1])}` +
          (f.isWorse ? "，所以衰减使拟合变差一些。" : "，所以衰减几乎没有使拟合变差。") +
          `测试代价：${n.fine(f.test[0])} 和 ${n.fine(f.test[1])}。` +
          (f.isSmaller && f.isChance
            ? `测试样本只有 ${f.tests} 个，这个差别可能出于偶然：所以前两个答案都算对。`
            : ""),
  },
  stop: {
    title: "对测试样本来说，最后一轮是最好的一轮吗？",
    options: [
      "是：测试代价在最后最低，或同样低",
      "不是：以前更低，后来上升了",
      "不是：在第一轮之前最低",
    ],
    found: (f, n) =>
      f.isOpen
        ? "这次训练发散，所以最后的结果没有可比性。"
        : `测试代价在第 ${f.epochs[0]} 轮之后最低${f.every > 1 ? `（每 ${f.every} 轮看一次）` : ""}，为 ${n.short(f.test[0])}；在最后的第 ${f.epochs[1]} 轮之后为 ${n.short(f.test[1])}；测试准确率为 ${n.percent(f.accuracies[0])} 和 ${n.percent(f.accuracies[1])}。` +
          (f.isEnd
            ? "所以在这里提前停止没有好处。"
            : f.isChance
              ? `测试样本只有 ${f.tests} 个，这样的上升可能出于偶然：所以第一个答案也算对。`
              : "提前停止会保留代价较低时的权重。") +
          "但是，按测试样本选出的轮数，不能再用它们来检验：那要用别的样本。" +
          (f.patience === null
            ? "本研究不作选择：训练满全部轮数。"
            : `本研究只按训练样本选择：它们的代价 ${f.patience} 轮没有进展，就停止。`),
  },
};
